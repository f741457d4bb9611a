/** Runs the rows of a matrix and prints the table. */
import { availableParallelism } from 'node:os';
import { CommandError } from './run-command.js';

export interface MatrixRow {
  name: string;
  /** What the row shows, for a reader of the table. */
  what: string;
  /** Rejects when the row fails; the message says how. */
  run(): Promise<void>;
}

interface Failure {
  name: string;
  output: string;
}

/**
 * Runs the rows and prints a line for each as it ends, then what the failed ones said, then
 * `N passed, N failed`. Resolves to whether all passed, and any ran.
 */
export async function runMatrix(rows: readonly MatrixRow[]): Promise<boolean> {
  const failures: Failure[] = [];
  const width = Math.max(...rows.map(({ name }) => name.length));
  console.log(`result  ${'row'.padEnd(width)}     time  what it shows`);

  await eachOf(rows, async ({ name, what, run }) => {
    const started = performance.now();
    const output = await run().then(() => undefined, describe);
    if (output !== undefined) failures.push({ name, output });
    const seconds = `${((performance.now() - started) / 1_000).toFixed(1)} s`;
    const result = output === undefined ? 'passed' : 'FAILED';
    console.log(`${result}  ${name.padEnd(width)}  ${seconds.padStart(7)}  ${what}`);
  });

  for (const { name, output } of failures) console.log(`\n=== FAILED: ${name}\n\n${output}`);
  console.log(`\n${rows.length - failures.length} passed, ${failures.length} failed`);
  return failures.length === 0 && rows.length > 0;
}

/** Every row when no word is given; else those with just this name, or with it in their name. */
export function selectRows<Row extends { name: string }>(
  rows: readonly Row[],
  words: readonly string[],
): readonly Row[] {
  if (words.length === 0) return rows;
  const chosen = words.flatMap((word) => {
    const exact = rows.filter(({ name }) => name === word);
    const found = exact.length > 0 ? exact : rows.filter(({ name }) => name.includes(word));
    if (found.length > 0) return found;
    throw new Error(`No row '${word}'. The rows: ${rows.map(({ name }) => name).join(', ')}.`);
  });
  return rows.filter((row) => chosen.includes(row));
}

/** Does the work for all items, for as many at once as there are processors. */
async function eachOf<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const waiting = items.values();
  const worker = async () => {
    for (const item of waiting) await work(item);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
}

/** What a failed command printed; of anything else, where it was thrown. */
function describe(error: unknown): string {
  if (error instanceof CommandError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
