/** The table of faults in docs is the one that `faults.test.ts` proves, row by row. */
import { expect, test } from 'vitest';
import { FAULTS, type Fault } from '../support/faults.js';
import { tableRows } from '../support/markdown.js';
import { sectionOf } from '../support/pages.js';

function rowOf(fault: Fault): string[] {
  const { name, failure, attempts, attemptsInWords = String(attempts), requests, ending } = fault;
  const outcome = failure === undefined ? 'a code' : `\`${failure.error.prototype.name}\``;
  const action = failure === undefined ? '' : `\`${failure.action}\``;
  return [name, outcome, action, attemptsInWords, String(requests), ending.when];
}

test('The page on failures says of each fault what the tests prove', () => {
  const table = tableRows(sectionOf('docs/failures.md', 'Fault by fault'));

  expect(table).toEqual(FAULTS.map(rowOf));
});
