/** A process that does nothing, as CommonJS, to be subtracted from the others. */
const { writeSync } = require('node:fs');

writeSync(1, 'ready');
process.exit();
