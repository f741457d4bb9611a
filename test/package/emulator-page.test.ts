import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { runInConsumer } from './run-in-consumer.js';

const SOURCES = new URL('../../src/testing/emulator/page/', import.meta.url);

function source(name: string): string {
  return readFileSync(new URL(name, SOURCES), 'utf8');
}

const PROGRAM = `
  const emulator = new SentianceEmulator({ controlRoutes: true });
  const url = await emulator.listen();
  const texts = [];
  for (const path of ['/', '/_emulator/page.css', '/_emulator/page.js', '/_emulator/icon.svg']) {
    texts.push(await (await fetch(url + path)).text());
  }
  console.log(JSON.stringify(texts));
  await emulator.close();`;

test.each([
  ['ESM', `import { SentianceEmulator } from 'sentiance-user-link/testing'; ${PROGRAM}`],
  [
    'CommonJS',
    `const { SentianceEmulator } = require('sentiance-user-link/testing'); (async () => { ${PROGRAM} })()`,
  ],
])("the emulator of the package holds its page's files: %s", async (format, program) => {
  const type = format === 'ESM' ? 'module' : 'commonjs';
  const { stdout } = await runInConsumer(`--input-type=${type}`, '--eval', program);

  const [page, ...others] = JSON.parse(stdout);
  const [start = '', end = ''] = source('page.html').split('<!-- regions -->');
  expect(page.startsWith(start) && page.endsWith(end)).toBe(true);
  expect(page.slice(start.length, -end.length)).toContain('https://api.sentiance.com');
  expect(others).toEqual(['page.css', 'page.js', 'icon.svg'].map(source));
});
