/** The examples are to be read: short, and with one comment where this library comes in. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { describe, it } from 'node:test';
import { EXAMPLES } from './examples.js';

const FOLDER = new URL('../../', import.meta.url);
const NOT_SOURCE = /(^|\/)(dist|\.next|node_modules)\/|\.spec\.ts$|\.d\.ts$|\.config\.ts$/;

for (const { name, folder } of EXAMPLES) {
  describe(name, () => {
    const source = readdirSync(new URL(folder, FOLDER), { recursive: true, encoding: 'utf8' })
      .filter((path) => /\.[jt]s$/.test(basename(path)) && !NOT_SOURCE.test(path))
      .map((path) => readFileSync(new URL(`${folder}/${path}`, FOLDER), 'utf8'))
      .join('\n');

    it('has fewer than 120 lines of code', () => {
      const withoutImports = source.replace(/^import [^;]*;$/gm, '');
      const lines = withoutImports.split('\n').filter((line) => line.trim() !== '').length;
      assert.ok(lines > 0 && lines < 120, `it has ${lines}`);
    });

    it('has one comment where sentiance-user-link comes in', () => {
      assert.equal(source.match(/^\/\/ sentiance-user-link: /gm)?.length, 1);
    });
  });
}
