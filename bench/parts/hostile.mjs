/** 8: what an error response costs whose message quotes an external id that is large and odd. */
import { startChild } from '../support/children.mjs';
import { markdownTable, round } from '../support/words.mjs';

const SHAPES = {
  'dots: `a.a.a.…`': 'a.',
  'spaces: `a a a …`': 'a ',
  'backslashes: `\\\\\\…`': '\\',
  'combining marks: `é́́́…`': 'e\u0301\u0301\u0301',
  'plain words: `please please …`': 'please ',
  'two letters: `ab ab …`': 'ab ',
};
/** The longest id that is compared with what is shown, and a megabyte. */
const LENGTHS = [1_000, 1_000_000];
/** Milliseconds of CPU that showing a message may take. */
const TARGET = 20;

export async function measureHostile({ node }) {
  const caller = await startChild('hostile-caller.mjs', { node });
  try {
    const results = [];
    for (const length of LENGTHS) {
      const rows = await caller.ask({ shapes: Object.values(SHAPES), length });
      results.push({ length, rows });
    }
    return results;
  } finally {
    await caller.stop();
  }
}

export const title = 'Hostile messages';
export const packages = ['sentiance-user-link'];

export async function measure(nodes) {
  const results = [];
  for (const node of nodes) results.push({ node, lengths: await measureHostile({ node }) });
  return results;
}

export function report(results) {
  return [INTRODUCTION, table(results), reading(results)].join('\n\n');
}

const INTRODUCTION = `Milliseconds of CPU of a call that a 400 ends whose message quotes the external id, up to a million characters; and of one with a response as large that has no message: the difference is what showing costs. An external id is what somebody chose, so it may be of any shape and length.`;

function table(results) {
  const columns = results.flatMap(({ node, lengths }) =>
    lengths.map(({ length, rows }) => ({ name: `Node ${node.version}, id of ${length}`, rows })),
  );
  const head = ['', ...columns.flatMap(({ name }) => [name, 'without message'])];
  const cells = Object.keys(SHAPES).map((shape, index) => [
    shape,
    ...columns.flatMap(({ rows }) => [round(rows[index].quoting, 1), round(rows[index].silent, 1)]),
  ]);
  return markdownTable(head, cells);
}

function reading(results) {
  const costs = results.flatMap(({ lengths }) =>
    lengths.flatMap(({ rows }) => rows.map(({ quoting, silent }) => quoting - silent)),
  );
  const verdict = Math.max(...costs) <= TARGET ? 'met' : 'missed';
  return `- Showing the message costs at most ${round(Math.max(...costs), 1)} ms. Our target, at most ${TARGET} ms, is ${verdict}. An id of more than 1,000 characters is compared with nothing: nothing of the message is shown then.`;
}
