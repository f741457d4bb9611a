require('./failing-assertions.cjs')(test, expect);
