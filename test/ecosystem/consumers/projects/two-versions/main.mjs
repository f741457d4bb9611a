import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import * as library from 'sentiance-user-link';
import * as testing from 'sentiance-user-link/testing';
import * as otherLibrary from 'sentiance-user-link-other';
import * as otherTesting from 'sentiance-user-link-other/testing';
import { assertRecognised } from './recognition.mjs';

const require = createRequire(import.meta.url);
const { version } = require('sentiance-user-link/package.json');
assert.notEqual(require('sentiance-user-link-other/package.json').version, version);

const one = { library, testing };
const other = { library: otherLibrary, testing: otherTesting };
const otherCjs = {
  library: require('sentiance-user-link-other'),
  testing: require('sentiance-user-link-other/testing'),
};

await assertRecognised(one, other);
await assertRecognised(other, one);
await assertRecognised(one, otherCjs);
await assertRecognised(otherCjs, one);
