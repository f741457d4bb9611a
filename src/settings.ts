/**
 * Options in, checked settings out. Everything is read once, at construction or at the start of a
 * call, so that a bad setting fails at boot and a value that changes later changes nothing.
 *
 * Messages name the option, say what is accepted and what kind of thing came instead; they never
 * show a value, which could be a key in the wrong place.
 */
import { readBaseUrl } from './base-url.js';
import { checkApiKey } from './checks.js';
import { describe, describeLimit } from './describe.js';
import { SentianceConfigurationError } from './errors.js';
import {
  type CreateAuthenticationCodeOptions,
  DEFAULTS,
  ENVIRONMENT,
  type SentianceUserLinkClientOptions,
} from './options.js';
import { isRegion, REGION_LIST, SENTIANCE_REGIONS, type SentianceRegion } from './regions.js';
import { isBrowser, readEnvironment } from './runtime.js';

export type ApiKeySource = string | (() => string | Promise<string>);
export type FetchFunction = NonNullable<SentianceUserLinkClientOptions['fetch']>;
export type AttemptListener = NonNullable<SentianceUserLinkClientOptions['onAttempt']>;

/** What can be set at construction and for a single call alike. */
export interface CallLimits {
  timeout: number;
  totalTimeout: number;
  maxRetries: number;
}

export interface ClientSettings extends CallLimits {
  apiKey: ApiKeySource;
  region: SentianceRegion | undefined;
  platformUrl: string;
  fetch: FetchFunction | undefined;
  onAttempt: AttemptListener | undefined;
}

export interface CallSettings {
  limits: CallLimits;
  signal: AbortSignal | undefined;
}

/** The largest delay that a timer takes; a larger one would fire at once. */
const MAX_TIMEOUT = 2 ** 31 - 1;
const MAX_RETRIES = 10;

const CLIENT_OPTIONS = [
  'apiKey',
  'region',
  'baseUrl',
  'timeout',
  'totalTimeout',
  'maxRetries',
  'fetch',
  'onAttempt',
  'dangerouslyAllowBrowser',
] as const satisfies readonly (keyof SentianceUserLinkClientOptions)[];

const CALL_OPTIONS = [
  'signal',
  'timeout',
  'totalTimeout',
  'maxRetries',
] as const satisfies readonly (keyof CreateAuthenticationCodeOptions)[];

export function readClientOptions(options: unknown): ClientSettings {
  const given = readOptions(options, CLIENT_OPTIONS, 'The options of SentianceUserLinkClient');
  refuseBrowser(given.dangerouslyAllowBrowser);
  return {
    ...readLimits(given, DEFAULTS),
    ...readPlatform(given.region, given.baseUrl),
    apiKey: readApiKeySource(given.apiKey),
    fetch: readFunction<FetchFunction>('fetch', given.fetch),
    onAttempt: readFunction<AttemptListener>('onAttempt', given.onAttempt),
  };
}

export function readCallOptions(options: unknown, client: CallLimits): CallSettings {
  const given = readOptions(options, CALL_OPTIONS, 'The options of createAuthenticationCode');
  return { limits: readLimits(given, client), signal: readSignal(given.signal) };
}

type Given<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/**
 * The options that were given, each read once, also from the getters of a class. What stands in
 * `Object.prototype` is not one: a polluted prototype must not set a base URL.
 */
function readOptions<Name extends string>(
  options: unknown,
  names: readonly Name[],
  subject: string,
): Given<Name> {
  if (options === undefined) return Object.create(null);
  let read: Given<Name> | SentianceConfigurationError | undefined;
  try {
    if (isObject(options)) read = readNames(options, names, subject);
  } catch {
    // What a getter threw may hold anything, also when it is an error of this library.
    read = new SentianceConfigurationError(
      `${subject} could not be read: reading one of them threw an error. Pass a plain object.`,
    );
  }
  read ??= new SentianceConfigurationError(
    `${subject} must be an object, but they are ${describe(options)}. Pass { ${names[0]}: … }.`,
  );
  if (read instanceof SentianceConfigurationError) throw read;
  return read;
}

/** Lists are none: an array or a Map of options would read as an empty object. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

function readNames<Name extends string>(
  options: object,
  names: readonly Name[],
  subject: string,
): Given<Name> | SentianceConfigurationError {
  const known: readonly string[] = names;
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    // What does not look like a name could be a secret in the wrong place.
    const shown = /^[A-Za-z]\w{0,39}$/.test(name) ? `'${name}'` : 'with an unusual name';
    return new SentianceConfigurationError(
      `${subject} have an unknown option ${shown}. Valid options: ${names.join(', ')}.`,
    );
  }
  const given: { [N in Name]?: unknown } = Object.create(null);
  for (const name of names) {
    const isPolluted = name in Object.prototype && !Object.hasOwn(options, name);
    if (!isPolluted) given[name] = Reflect.get(options, name);
  }
  return given;
}

function readLimits(given: Given<keyof CallLimits>, defaults: CallLimits): CallLimits {
  return {
    timeout: readTimeout('timeout', given.timeout, defaults.timeout),
    totalTimeout: readTimeout('totalTimeout', given.totalTimeout, defaults.totalTimeout),
    maxRetries: readMaxRetries(given.maxRetries, defaults.maxRetries),
  };
}

function readTimeout(name: string, value: unknown, defaultValue: number): number {
  if (value === undefined) return defaultValue;
  if (typeof value === 'number' && value >= 1 && value <= MAX_TIMEOUT) return value;
  throw new SentianceConfigurationError(
    `${name} must be a number of milliseconds from 1 to ${MAX_TIMEOUT}, but it is ${describeLimit(value)}.`,
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

function readFunction<T extends (...args: never[]) => unknown>(
  name: string,
  value: unknown,
): T | undefined {
  if (value === undefined) return undefined;
  if (isFunction<T>(value)) return value;
  throw new SentianceConfigurationError(
    `${name} must be a function, but it is ${describe(value)}.`,
  );
}

function isFunction<T>(value: unknown): value is T {
  return typeof value === 'function';
}

function readApiKeySource(option: unknown): ApiKeySource {
  if (isFunction<() => string | Promise<string>>(option)) return option;
  if (option !== undefined) {
    return checkApiKey(option, 'apiKey', 'a string, or a function that gives one');
  }
  const fromEnvironment = readEnvironment(ENVIRONMENT.apiKey);
  if (fromEnvironment !== undefined) {
    return checkApiKey(fromEnvironment, `The environment variable ${ENVIRONMENT.apiKey}`);
  }
  throw new SentianceConfigurationError(
    `apiKey is missing. Pass apiKey, or set the environment variable ${ENVIRONMENT.apiKey}, to a key with the user-link scope from the Sentiance console.`,
  );
}

type Platform = Pick<ClientSettings, 'region' | 'platformUrl'>;

function readPlatform(region: unknown, baseUrl: unknown): Platform {
  if (baseUrl === undefined) return readRegion(region);
  if (region !== undefined) {
    throw new SentianceConfigurationError(
      'region and baseUrl exclude each other. Pass region for the platform of a region, or baseUrl for another host.',
    );
  }
  return { region: undefined, platformUrl: readBaseUrl(baseUrl) };
}

function readRegion(option: unknown): Platform {
  const fromEnvironment = option === undefined ? readEnvironment(ENVIRONMENT.region) : undefined;
  const region = option === undefined ? (fromEnvironment ?? DEFAULTS.region) : option;
  if (isRegion(region)) {
    return { region, platformUrl: SENTIANCE_REGIONS[region].platformUrl };
  }
  const source =
    fromEnvironment === undefined ? 'region' : `The environment variable ${ENVIRONMENT.region}`;
  throw new SentianceConfigurationError(
    `${source} must be ${REGION_LIST}, but it is ${typeof region === 'string' ? 'something else' : describe(region)}.`,
  );
}

/** Reads the signal by its shape, not its class: jsdom and other realms have classes of their own. */
function readSignal(value: unknown): AbortSignal | undefined {
  if (value === undefined || isAbortSignal(value)) return value;
  throw new SentianceConfigurationError(
    `signal must be an AbortSignal, but it is ${describe(value)}.`,
  );
}

function isAbortSignal(value: unknown): value is AbortSignal {
  try {
    return (
      typeof value === 'object' &&
      value !== null &&
      'aborted' in value &&
      typeof value.aborted === 'boolean' &&
      'addEventListener' in value &&
      typeof value.addEventListener === 'function' &&
      'removeEventListener' in value &&
      typeof value.removeEventListener === 'function'
    );
  } catch {
    return false;
  }
}

function refuseBrowser(allowed: unknown): void {
  if (allowed !== undefined && typeof allowed !== 'boolean') {
    throw new SentianceConfigurationError(
      `dangerouslyAllowBrowser must be true or false, but it is ${describe(allowed)}.`,
    );
  }
  if (allowed || !isBrowser()) return;
  throw new SentianceConfigurationError(
    'SentianceUserLinkClient is for servers only, but this is a browser or React Native: everyone ' +
      'who has the app could read the API key. Make the call in your backend. In a Jest or Vitest ' +
      "test, use the test environment 'node' (in Jest: @jest-environment node at the top of the " +
      'file) or, to stay in jsdom, pass dangerouslyAllowBrowser: true.',
  );
}
