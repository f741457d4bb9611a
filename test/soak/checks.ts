/** What a part of the soak has to say: figures for people, and checks that can fail. */

export interface Check {
  what: string;
  passed: boolean;
}

/** Says whether a promise was kept, and tells the process that counts. */
export function check(what: string, passed: boolean): void {
  console.log(`${passed ? 'passed' : 'FAILED'}  ${what}`);
  const message: Check = { what, passed };
  process.send?.(message);
}

/** A figure with what it is. */
export function figure(what: string, value: string | number): void {
  console.log(`        ${what}: ${value}`);
}

/** The p-th part of the sorted values, such as 0.99. */
export function quantile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(p * sorted.length))] ?? Number.NaN;
}
