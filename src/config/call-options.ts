/** The options of a single call. */
import { SentianceConfigurationError } from '../errors.js';
import type { CreateAuthenticationCodeOptions } from '../options.js';
import { describe } from './describe.js';
import { type CallLimits, readLimits } from './limits.js';
import { readOptions } from './options-object.js';

export interface CallConfig {
  readonly limits: CallLimits;
  readonly signal: AbortSignal | undefined;
}

const NAMES = [
  'signal',
  'timeout',
  'hedgeAfter',
  'maxRetries',
] as const satisfies readonly (keyof CreateAuthenticationCodeOptions)[];

export function readCallOptions(options: unknown, defaults: CallLimits): CallConfig {
  if (options === undefined) return { limits: defaults, signal: undefined };
  const given = readOptions(
    options,
    NAMES,
    'The options of createAuthenticationCode',
    SentianceConfigurationError,
  );
  return { limits: readLimits(given, defaults), signal: readSignal(given.signal) };
}

function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || isAbortSignal(value)) return value;
  throw new SentianceConfigurationError(
    `signal must be an AbortSignal, but it is ${describe(value)}.`,
  );
}

/** By its shape, not its class: jsdom and other realms have classes of their own. */
function isAbortSignal(value: unknown): value is AbortSignal {
  const signal: Partial<Record<keyof AbortSignal, unknown>> = Object(value);
  try {
    return (
      typeof signal.aborted === 'boolean' &&
      typeof signal.addEventListener === 'function' &&
      typeof signal.removeEventListener === 'function'
    );
  } catch {
    return false;
  }
}
