/** README's table of faults is the one that `faults.test.ts` proves, row by row. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { FAULTS, type Fault } from '../support/faults.js';
import { parseMarkdown, sectionCalled, tableRows } from '../support/markdown.js';

const README = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

function readmeRow(fault: Fault): string[] {
  const { name, failure, attempts, attemptsInWords = String(attempts), requests, ending } = fault;
  const outcome = failure === undefined ? 'a code' : `\`${failure.error.prototype.name}\``;
  const action = failure === undefined ? '' : `\`${failure.action}\``;
  return [name, outcome, action, attemptsInWords, String(requests), ending.when];
}

test('README says of each fault what the tests prove', () => {
  const table = tableRows(sectionCalled('What happens when …', parseMarkdown(README)));

  expect(table).toEqual(FAULTS.map(readmeRow));
});
