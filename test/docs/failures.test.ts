/** The table of faults in docs is the one that `faults.test.ts` proves, row by row. */
import { expect, test } from 'vitest';
import type { Fault } from '../support/faults/fault.js';
import { FAULTS } from '../support/faults.js';
import { tableRows } from '../support/markdown.js';
import { sectionOf } from '../support/pages.js';

function rowOf(fault: Fault): string[] {
  const { name, failure, ending, inWords } = fault;
  const row = {
    outcome: failure === undefined ? 'a code' : `\`${failure.error.prototype.name}\``,
    action: failure === undefined ? '' : `\`${failure.action}\``,
    attempts: String(fault.attempts),
    arrived: String(fault.requests),
    ...inWords,
  };
  return [name, row.outcome, row.action, row.attempts, row.arrived, ending.when];
}

test('The page on failures says of each fault what the tests prove', () => {
  const table = tableRows(sectionOf('docs/failures.md', 'Fault by fault'));

  expect(table).toEqual(FAULTS.map(rowOf));
});
