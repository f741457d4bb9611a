/** The rows as the tables of `docs/runtimes.md`. */
import { allRows } from './rows.js';
import { RUNTIME_ROWS } from './runtimes/runtimes.js';
import { Site } from './shared/site.js';

/** One line a place, with the versions that are checked there. */
export function runtimesTable(): string {
  const versions = new Map<string, string[]>();
  for (const { place, runtime, version = runtime.version } of RUNTIME_ROWS) {
    versions.set(place, [...(versions.get(place) ?? []), version]);
  }
  const lines = [...versions].map(([place, ofPlace]) => [place, ofPlace.join(', ')]);
  return tableOf(['place', 'versions'], lines);
}

/** One line a row; those that need more than a minute run before a release. */
export function othersTable(): string {
  const runtimes = new Set(RUNTIME_ROWS.map(({ name }) => name));
  const rows = allRows(new Site()).filter(({ name }) => !runtimes.has(name));
  const lines = rows.map(({ name, what, slow }) => [
    `\`${name}\``,
    slow ? `${what} (before a release)` : what,
  ]);
  return tableOf(['row', 'what it shows'], lines);
}

function tableOf(head: readonly string[], lines: readonly (readonly string[])[]): string {
  const cells = [head, head.map(() => '---'), ...lines];
  const escaped = (cell: string) => cell.replaceAll('|', '\\|');
  return cells.map((line) => `| ${line.map(escaped).join(' | ')} |`).join('\n');
}
