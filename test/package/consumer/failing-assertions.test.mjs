import { expect, test } from 'vitest';
import declareTests from './failing-assertions.cjs';

declareTests(test, expect);
