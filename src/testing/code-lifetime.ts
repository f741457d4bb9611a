/** How long the codes of the fake and of the emulator live. */

/** 100 years: dates stay ones that the client can read, whatever is added to the clock. */
export const LONGEST_TIME = 3_155_760_000_000;

/** The `codeLifetime` option in milliseconds; 10 minutes by default, as the vendor says. */
export function readCodeLifetime(owner: string, value: unknown = 600_000): number {
  if (typeof value === 'number' && value > 0 && value <= LONGEST_TIME) return value;
  throw new TypeError(
    `${owner}: codeLifetime must be a number of milliseconds above 0 and up to ${LONGEST_TIME} (100 years).`,
  );
}
