import { createRequire } from 'node:module';
import * as library from 'sentiance-user-link';
import * as testing from 'sentiance-user-link/testing';
import { assertRecognised } from './recognition.mjs';

const require = createRequire(import.meta.url);
const esm = { library, testing };
const cjs = {
  library: require('sentiance-user-link'),
  testing: require('sentiance-user-link/testing'),
};

await assertRecognised(esm, cjs);
await assertRecognised(cjs, esm);
