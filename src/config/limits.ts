/** The limits of a call: `timeout`, `hedgeAfter` and `maxRetries`. */
import { SentianceConfigurationError } from '../errors.js';
import { describeLimit } from './describe.js';

/** What can be set at construction and for a single call alike. */
export interface CallLimits {
  readonly timeout: number;
  readonly hedgeAfter: number;
  readonly maxRetries: number;
}

/** The largest delay that a timer takes; a larger one would fire at once. */
const MAX_MILLISECONDS = 2 ** 31 - 1;
const MAX_RETRIES = 10;

export function readLimits(
  given: { readonly [Name in keyof CallLimits]?: unknown },
  defaults: CallLimits,
): CallLimits {
  return {
    timeout: readMilliseconds('timeout', given.timeout, defaults.timeout),
    hedgeAfter: readMilliseconds('hedgeAfter', given.hedgeAfter, defaults.hedgeAfter),
    maxRetries: readMaxRetries(given.maxRetries, defaults.maxRetries),
  };
}

function readMilliseconds(name: string, value: unknown, defaultValue: number): number {
  if (value === undefined) return defaultValue;
  if (typeof value === 'number' && value >= 1 && value <= MAX_MILLISECONDS) return value;
  throw new SentianceConfigurationError(
    `${name} must be a number of milliseconds from 1 to ${MAX_MILLISECONDS}, but it is ${describeLimit(value)}.`,
  );
}

function readMaxRetries(value: unknown, defaultValue: number): number {
  if (value === undefined) return defaultValue;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_RETRIES) {
    return value;
  }
  const shown =
    typeof value === 'number' && value % 1 ? 'not a whole number' : describeLimit(value);
  throw new SentianceConfigurationError(
    `maxRetries must be a whole number from 0 to ${MAX_RETRIES}, but it is ${shown}.`,
  );
}
