/** What many calls came to, and how long they took, for `many-calls.test.ts` and the soak. */

/** What a call comes to, its milliseconds, and how late a bare timer of `limit` was beside it. */
export async function timed<T>(
  limit: number,
  call: () => Promise<T>,
): Promise<{ value: T; duration: number; timerLate: number }> {
  const started = performance.now();
  let timerLate = 0;
  const timer = setTimeout(() => {
    timerLate = performance.now() - started - limit;
  }, limit);
  const value = await call();
  clearTimeout(timer);
  return { value, duration: performance.now() - started, timerLate };
}

export function countsOf(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
