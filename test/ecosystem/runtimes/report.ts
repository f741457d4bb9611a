/** What the checks came to, as tables that a person can read. */
import type { Row } from './runtimes.js';

export interface Check {
  group: string;
  title: string;
  /** Why it failed; absent when it passed. */
  error?: string;
}

export interface RowResult {
  row: Row;
  checks: readonly Check[];
}

export function failed({ error }: Check): boolean {
  return error !== undefined;
}

/** Prints the table, the failures and the last line; returns whether all passed, and any ran. */
export function report(results: readonly RowResult[]): boolean {
  const checks = results.flatMap((result) => result.checks);
  const groups = [...new Set(checks.map(({ group }) => group))];
  console.log(`\n${tableOf(results, groups)}\n`);
  for (const { row, checks } of results) {
    for (const { group, title, error } of checks.filter(failed)) {
      console.log(`FAILED: ${row.name}: ${group}: ${title}\n${indent(error ?? '')}\n`);
    }
  }
  const failures = checks.filter(failed).length;
  console.log(`${checks.length - failures} passed, ${failures} failed`);
  return failures === 0 && checks.length > 0;
}

/** A line for each row, a column for each group: how many passed, or how many of how many. */
function tableOf(results: readonly RowResult[], groups: readonly string[]): string {
  const lines = [['row', 'version', ...groups, 'all']];
  for (const { row, checks } of results) {
    const ofGroups = groups.map((name) => checks.filter(({ group }) => group === name));
    lines.push([row.name, row.runtime.version, ...[...ofGroups, checks].map(cell)]);
  }
  const widths = lines[0]?.map((_, column) =>
    Math.max(...lines.map((line) => line[column]?.length ?? 0)),
  );
  return lines
    .map((line) =>
      line
        .map((text, column) => text.padEnd(widths?.[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function cell(checks: readonly Check[]): string {
  if (checks.length === 0) return '-';
  const failures = checks.filter(failed).length;
  return failures === 0
    ? `${checks.length}`
    : `${checks.length - failures}/${checks.length} FAILED`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '    ');
}
