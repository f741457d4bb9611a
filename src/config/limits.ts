/** The limits of a call: `timeout`, `hedgeAfter` and `maxRetries`. */
import { SentianceConfigurationError } from '../errors.js';
import { describe } from './describe.js';

/** The limits that can be set at construction and for a single call alike. */
export interface CallLimits {
  readonly timeout: number;
  readonly hedgeAfter: number;
  readonly maxRetries: number;
}

// A timer takes no larger delay: it would fire at once.
const MILLISECONDS = { kind: 'a number of milliseconds', from: 1, to: 2 ** 31 - 1 };
const RETRIES = { kind: 'a whole number', from: 0, to: 10 };

export function readLimits(
  given: { readonly [Name in keyof CallLimits]?: unknown },
  defaults: CallLimits,
): CallLimits {
  return {
    timeout: readNumber('timeout', given.timeout, MILLISECONDS) ?? defaults.timeout,
    hedgeAfter: readNumber('hedgeAfter', given.hedgeAfter, MILLISECONDS) ?? defaults.hedgeAfter,
    maxRetries: readNumber('maxRetries', given.maxRetries, RETRIES) ?? defaults.maxRetries,
  };
}

function readNumber(name: string, value: unknown, range: typeof RETRIES): number | undefined {
  const { kind, from, to } = range;
  const mayBeFraction = range !== RETRIES;
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= from && value <= to) {
    if (mayBeFraction || Number.isInteger(value)) return value;
  }
  throw new SentianceConfigurationError(
    `${name} must be ${kind} from ${from} to ${to}, but it is ${describeNumber(value, mayBeFraction)}.`,
  );
}

function describeNumber(value: unknown, mayBeFraction: boolean): string {
  if (typeof value !== 'number') return describe(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return 'infinite';
  if (value < 0) return 'negative';
  return mayBeFraction || Number.isInteger(value) ? 'out of range' : 'not a whole number';
}
