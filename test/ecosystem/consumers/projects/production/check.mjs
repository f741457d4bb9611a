import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';

const installed = readdirSync('../node_modules', { recursive: true, withFileTypes: true });
const nested = installed.filter(({ name }) => name === 'node_modules');
const folders = readdirSync('../node_modules').filter((name) => !name.startsWith('.'));

assert.deepEqual(folders, ['sentiance-user-link']);
assert.deepEqual(nested, []);
