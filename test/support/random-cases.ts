/** How much the random tests do: a little in `npm test`, a lot in `npm run test:soak`. */

/** Cases of a property, or calls of a run. */
export const RANDOM_CASES = read('RANDOM_CASES', 200);

/** What the cases are made from; the same seed makes the same ones. */
export const RANDOM_SEED = read('RANDOM_SEED', 20_240);

function read(name: string, defaultValue: number): number {
  const value = process.env[name] ?? defaultValue;
  if (!Number.isSafeInteger(Number(value))) throw new Error(`${name} must be a whole number.`);
  return Number(value);
}
