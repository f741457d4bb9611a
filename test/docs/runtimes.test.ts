import { expect, test } from 'vitest';
import { othersTable, runtimesTable } from '../ecosystem/tables.js';
import { readPage } from '../support/pages.js';

const PAGE = 'docs/runtimes.md';
const TABLE = /^\|(?:.*\|\n)+/gm;

// `npx vitest run test/docs/runtimes.test.ts -u` writes them.
test('the tables of the page are those of the rows', async () => {
  const tables = [runtimesTable(), othersTable()];
  const expected = readPage(PAGE).replaceAll(TABLE, () => `${tables.shift()}\n`);

  expect(tables).toEqual([]);
  await expect(expected).toMatchFileSnapshot(`../../${PAGE}`);
});
