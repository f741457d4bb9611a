/** How often `failNext` may be asked to let something fail, in the fake and in the emulator. */
const MOST_TIMES = 1_000_000;

/** `times`, 1 by default, or an error for callers without TypeScript. */
export function checkTimes(times: unknown = 1): number {
  const isGood = typeof times === 'number' && Number.isInteger(times);
  if (isGood && times >= 1 && times <= MOST_TIMES) return times;
  throw new TypeError(`failNext: times must be a whole number from 1 to ${MOST_TIMES}.`);
}
