/**
 * Options in, checked settings out. Everything is read once, at construction or at the start of a
 * call, so that a bad setting fails at boot and a value that changes later changes nothing.
 *
 * Messages name the option, say what is accepted and what kind of thing came instead; they never
 * show a value, which could be a key in the wrong place.
 */
import { SentianceConfigurationError, SentianceInvalidExternalIdError } from './errors.js';
import { isRegion, REGION_LIST, SENTIANCE_REGIONS, type SentianceRegion } from './regions.js';

/** How the client is set up. Every option has a default, or an environment variable. */
export interface SentianceUserLinkClientOptions {
  /**
   * The API key with the user-link scope, or a function that gives it. A function is asked at every
   * call, within `totalTimeout`, so that a key can be rotated or come from a secret manager.
   * White space around the key is dropped. Default: the environment variable
   * `SENTIANCE_USER_LINK_API_KEY`, read at construction.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /**
   * The region that the account, the key and the users live in. Default: the environment variable
   * `SENTIANCE_REGION`, read at construction, else `eu`. There is no fallback to another region.
   */
  region?: SentianceRegion | undefined;
  /**
   * The platform's URL in place of a region's: https, or http on loopback only; no user info, query
   * or fragment. A path is kept, trailing slashes are dropped. Excludes `region`, and makes
   * `SENTIANCE_REGION` irrelevant. Default: none.
   */
  baseUrl?: string | URL | undefined;
  /**
   * Limit of one attempt in milliseconds, from sending the request to the end of the answer's body:
   * 1 to 2147483647. Default: 2500.
   */
  timeout?: number | undefined;
  /**
   * Limit of the whole call in milliseconds: the key function, every attempt and the waits between
   * them: 1 to 2147483647. Default: 5000.
   */
  totalTimeout?: number | undefined;
  /**
   * How often a failed attempt is repeated: a whole number from 0 to 10. Before retry 1, 2, 3 … it
   * waits a random time of up to 200, 400, 800, then 1000 ms, or what `Retry-After` says. A wait
   * that does not fit in what is left of `totalTimeout` is not begun. Default: 2.
   */
  maxRetries?: number | undefined;
  /**
   * What sends the requests, for a proxy or a connection pool of your own. Must end when
   * `init.signal` does, and must not follow redirects when `init.redirect` says `manual`.
   * Default: `globalThis.fetch`, looked up at every call.
   */
  fetch?: ((url: string, init: RequestInit) => Promise<Response>) | undefined;
  /**
   * Called after every attempt, for logs and metrics. The event carries no secret. What it throws
   * or rejects with is swallowed. Default: none.
   */
  onAttempt?: ((attempt: AttemptEvent) => void) | undefined;
  /**
   * Allows construction in a browser or React Native, where the API key would be readable by
   * everyone; for tests in jsdom. Default: `false`.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** What can be set for a single call; each default is what the client was constructed with. */
export interface CreateAuthenticationCodeOptions {
  /** Ends the call, waits between attempts included, with a `SentianceAbortError`. Default: none. */
  signal?: AbortSignal | undefined;
  /** Limit of one attempt in milliseconds, 1 to 2147483647. Default: the client's. */
  timeout?: number | undefined;
  /** Limit of the whole call in milliseconds, 1 to 2147483647. Default: the client's. */
  totalTimeout?: number | undefined;
  /** How often a failed attempt is repeated, 0 to 10. Default: the client's. */
  maxRetries?: number | undefined;
}

/** One attempt that has ended, for logs and metrics. It carries no secret. */
export interface AttemptEvent {
  /** 1 for a call's first request. */
  attempt: number;
  /** Milliseconds from sending the request to the end of its answer, or to its failure. */
  duration: number;
  /** Where the request went. */
  platformUrl: string;
  /** HTTP status of the answer; absent when there was none. */
  status?: number;
  /** The error's code when the attempt failed; absent when it succeeded. */
  code?: import('./errors.js').SentianceErrorCode;
}

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

export interface CallSettings extends CallLimits {
  signal: AbortSignal | undefined;
}

/** The options that have a fixed default; README's table is tested against it. */
export const DEFAULTS = {
  region: 'eu',
  timeout: 2_500,
  totalTimeout: 5_000,
  maxRetries: 2,
  dangerouslyAllowBrowser: false,
} as const satisfies SentianceUserLinkClientOptions;

/** The options that have an environment variable. */
export const ENVIRONMENT = {
  apiKey: 'SENTIANCE_USER_LINK_API_KEY',
  region: 'SENTIANCE_REGION',
} as const;

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
  return { ...readLimits(given, client), signal: readSignal(given.signal) };
}

/** The external id as it is to be sent: unchanged, or refused before anything is sent. */
export function checkExternalId(externalId: unknown): string {
  if (typeof externalId === 'number' || typeof externalId === 'bigint') {
    throw new SentianceInvalidExternalIdError(
      `externalId must be a string, but it is a ${typeof externalId}. Convert it where the id is ` +
        'created or read, with String(id): a number above 2^53 has lost digits already, and would ' +
        "link somebody else's user.",
    );
  }
  if (typeof externalId !== 'string') {
    throw new SentianceInvalidExternalIdError(
      `externalId must be a string, but it is ${describe(externalId)}. Pass your own platform's id of the user.`,
    );
  }
  if (externalId.trim() === '') {
    throw new SentianceInvalidExternalIdError(
      "externalId is blank. Pass your own platform's id of the user.",
    );
  }
  if (!externalId.isWellFormed()) {
    throw new SentianceInvalidExternalIdError(
      'externalId is not well-formed Unicode: half of a surrogate pair stands alone in it, as when ' +
        'a string was cut in the middle of a character. Pass the whole id.',
    );
  }
  return externalId;
}

/** The key as it goes into the header, or an error that says what is wrong and never shows it. */
export function checkApiKey(value: unknown, source: string, accepted = 'a string'): string {
  if (typeof value !== 'string') {
    throw new SentianceConfigurationError(
      `${source} must be ${accepted}, but it is ${describe(value)}.`,
    );
  }
  const key = value.trim();
  if (key === '') {
    throw new SentianceConfigurationError(
      `${source} is empty. Give the API key with the user-link scope from the Sentiance console.`,
    );
  }
  if (/^bearer(\s|$)/i.test(key)) {
    throw new SentianceConfigurationError(
      `${source} starts with "Bearer ". Give the key alone: the client adds the prefix.`,
    );
  }
  if (/[\r\n]/.test(key)) {
    throw new SentianceConfigurationError(
      `${source} has a line break inside it. Give one key, on one line.`,
    );
  }
  // Checked here because fetch's own error for a bad header prints the whole header.
  if (!/^[\x20-\x7e]+$/.test(key)) {
    throw new SentianceConfigurationError(
      `${source} has a character that cannot stand in an HTTP header. Copy the key again from where it is kept: it is plain ASCII.`,
    );
  }
  return key;
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
  try {
    if (isObject(options)) return readNames(options, names, subject);
  } catch (error) {
    if (error instanceof SentianceConfigurationError) throw error;
    throw new SentianceConfigurationError(
      `${subject} could not be read: reading one of them threw an error. Pass a plain object.`,
    );
  }
  throw new SentianceConfigurationError(
    `${subject} must be an object, but they are ${describe(options)}. Pass { ${names[0]}: … }.`,
  );
}

/** Lists are none: an array or a Map of options would read as an empty object. */
function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(Symbol.iterator in value);
}

function readNames<Name extends string>(
  options: object,
  names: readonly Name[],
  subject: string,
): Given<Name> {
  const known: readonly string[] = names;
  for (const name of Object.keys(options)) {
    if (known.includes(name)) continue;
    // What does not look like a name could be a secret in the wrong place.
    const shown = /^[A-Za-z]\w{0,39}$/.test(name) ? `'${name}'` : 'with an unusual name';
    throw new SentianceConfigurationError(
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

function readBaseUrl(value: unknown): string {
  const url = parseUrl(value);
  if (url === undefined) {
    throw new SentianceConfigurationError(
      'baseUrl must be an absolute URL such as https://api.example.com, as a string or a URL.',
    );
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw new SentianceConfigurationError(
      'baseUrl must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1].',
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SentianceConfigurationError(
      'baseUrl must not have a user name or password in it. Pass the key as apiKey.',
    );
  }
  // Not url.search and url.hash: both are empty for a lone "?" or "#".
  if (/[?#]/.test(url.href)) {
    throw new SentianceConfigurationError(
      'baseUrl must not have a query or a fragment. End it with the host or a path.',
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** Takes a URL object of another realm too, as in a Jest test. */
function parseUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' && typeof value !== 'object') return undefined;
  try {
    return new URL(String(value));
  } catch {
    return undefined;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
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

/** A variable's value; `undefined` when it is unset, blank, or the runtime has no environment. */
function readEnvironment(name: string): string | undefined {
  try {
    const env = globalThis.process?.env;
    // Own properties only, as for options.
    if (!env || !Object.hasOwn(env, name)) return undefined;
    return env[name]?.trim() || undefined;
  } catch {
    // Deno without --allow-env throws.
    return undefined;
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

function isBrowser(): boolean {
  const { window, navigator, importScripts } = globalThis as {
    window?: { document?: unknown };
    navigator?: { product?: unknown };
    importScripts?: unknown;
  };
  return (
    window?.document !== undefined ||
    navigator?.product === 'ReactNative' ||
    // A web worker: it has no window, but browsers give it this function, and no server does.
    typeof importScripts === 'function'
  );
}

/** Says what kind of thing a value is, and never the value. */
function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return describeObject(value);
  return `a ${typeof value}`;
}

/** As `describe`, but says of a number why it is not in the range. */
function describeLimit(value: unknown): string {
  if (typeof value !== 'number') return describe(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return 'infinite';
  return value < 0 ? 'negative' : 'out of range';
}

function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return 'an array';
    return Symbol.iterator in value ? 'an iterable' : 'an object';
  } catch {
    // A revoked proxy.
    return 'an object';
  }
}
