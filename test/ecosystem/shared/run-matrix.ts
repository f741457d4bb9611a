/** Runs the rows of all kinds and prints the table. */
import { availableParallelism } from 'node:os';
import { CommandError } from './run-command.js';

export interface MatrixRow {
  name: string;
  /** What the row shows, for a reader of the table. */
  what: string;
  /** Only run when it is asked for: it needs more than a minute, or shows little more. */
  slow?: true;
  /** Resolves to what was checked, where that is counted; rejects when the row as a whole fails. */
  run(): Promise<readonly Check[] | undefined>;
}

/** One of several things that a row checks. */
export interface Check {
  group: string;
  title: string;
  /** Why it failed; absent when it passed. */
  error?: string;
}

/** Rows wait as much as they work. */
const ROWS_AT_ONCE = availableParallelism() + 1;

/**
 * Runs the rows and prints a line for each as it ends, then what the failed ones said, then
 * `N passed, N failed`. Resolves to whether all passed, and any ran.
 */
export async function runMatrix(rows: readonly MatrixRow[]): Promise<boolean> {
  const failures: string[] = [];
  let passed = 0;
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`result  ${'row'.padEnd(width)}     time  what it shows`);

  await eachOf(rows, async (row) => {
    const started = performance.now();
    const checks = await checksOf(row);
    const failed = checks.filter(({ error }) => error !== undefined);
    passed += checks.length - failed.length;
    failures.push(...failed.map((check) => describeFailure(row, check)));
    const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    const result = failed.length === 0 ? 'passed' : 'FAILED';
    const columns = [result, row.name.padEnd(width), seconds.padStart(7), row.what];
    console.log([...columns, countsOf(checks)].join('  ').trimEnd());
  });

  for (const failure of failures) console.log(`\n=== FAILED: ${failure}`);
  console.log(`\n${passed} passed, ${failures.length} failed`);
  return failures.length === 0 && passed > 0;
}

/**
 * Without a word, the rows that are not slow; with `all`, every row; else those with just this name,
 * or with the word in their name.
 */
export function selectRows(
  rows: readonly MatrixRow[],
  words: readonly string[],
): readonly MatrixRow[] {
  const names = rows.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`Two rows are called '${twice}'.`);
  if (words.length === 0) return rows.filter(({ slow }) => slow !== true);
  if (words.includes('all')) return rows;
  const chosen = words.flatMap((word) => {
    const found = names.includes(word) ? [word] : names.filter((name) => name.includes(word));
    if (found.length > 0) return found;
    throw new Error(`No row '${word}'. The rows: ${names.join(', ')}.`);
  });
  return rows.filter(({ name }) => chosen.includes(name));
}

/** Does the work for all items, for a few at once. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: ROWS_AT_ONCE }, worker));
}

/** A row that counts nothing is one check, and so is one that broke. */
async function checksOf(row: MatrixRow): Promise<readonly Check[]> {
  const itself = { group: '', title: '' };
  try {
    const checks = (await row.run()) ?? [itself];
    return checks.length > 0 ? checks : [{ ...itself, error: 'It checked nothing.' }];
  } catch (error) {
    return [{ ...itself, error: describeError(error) }];
  }
}

/** `(errors 14, deadline 9 of 10)`; nothing for a row that is one check. */
function countsOf(checks: readonly Check[]): string {
  const groups = [...new Set(checks.map(({ group }) => group))].filter((group) => group !== '');
  const counts = groups.map((name) => {
    const ofGroup = checks.filter(({ group }) => group === name);
    const passed = ofGroup.filter(({ error }) => error === undefined).length;
    return `${name} ${passed}${passed === ofGroup.length ? '' : ` of ${ofGroup.length}`}`;
  });
  return counts.length === 0 ? '' : `(${counts.join(', ')})`;
}

function describeFailure({ name }: MatrixRow, { group, title, error }: Check): string {
  const what = [name, group, title].filter((part) => part !== '').join(': ');
  return `${what}\n\n${error}`;
}

/** What a failed command printed; of anything else, where it was thrown. */
function describeError(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
