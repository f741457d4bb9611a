/** A client for tests that needs no network, no key and no account. */
import {
  type AuthenticationCode,
  type AuthenticationCodeResult,
  type CreateAuthenticationCodeOptions,
  SentianceError,
  type SentianceErrorCode,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
  type UserLinkClient,
} from 'sentiance-user-link';
import { toAuthenticationCode } from '../authentication-code.js';
import { assertCode } from './check-code.js';
import { checkTimes } from './check-times.js';
import { readCodeLifetime } from './code-lifetime.js';
import { printNameAlone } from './print-name-alone.js';
import { ERROR_CODES, sentianceError } from './sentiance-error.js';
import { readClock, readTestOptions } from './strict-input.js';

/** How the fake is set up; every option has a default. */
export interface FakeUserLinkClientOptions {
  /** The `platformUrl` of its codes, checked as the client's `baseUrl` is. Default: the EU platform's. */
  platformUrl?: string | undefined;
  /** Milliseconds that its codes live, above 0 and up to 100 years. Default: 600000. */
  codeLifetime?: number | undefined;
  /** The clock that expiry counts from, in milliseconds since 1970. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** One call that the fake got. */
export interface FakeCall {
  /** As the call got it, whether it can be one or not. */
  readonly externalId: string;
  /** As the call got them; absent when it got none. */
  readonly options?: CreateAuthenticationCodeOptions;
}

/** What `respondWith` takes: a code, or a function that gives one for an external id. */
export type FakeResponse =
  | AuthenticationCode
  | ((externalId: string) => AuthenticationCode | Promise<AuthenticationCode>);

/** What `failNext` and `failWith` take: an error, or the code of one. */
export type FakeFailure = SentianceError | SentianceErrorCode;

const NAME = 'FakeUserLinkClient';
const OPTIONS = [
  'platformUrl',
  'codeLifetime',
  'now',
] as const satisfies readonly (keyof FakeUserLinkClientOptions)[];

/**
 * Behaves as the client does, because a real client stands inside: external ids and options are
 * checked, signals and `timeout` honoured, errors are the real classes. A call gets one response,
 * however long that takes: there are no retries and no hedges. Codes are `fake-code-1`,
 * `fake-code-2`, … It settles without a timer or the network, whichever clock the test holds.
 */
export class FakeUserLinkClient implements UserLinkClient {
  static {
    printNameAlone(this);
  }

  readonly #platformUrl: string;
  readonly #codeLifetime: number;
  readonly #now: () => number;
  #calls: FakeCall[] = [];
  #issued = 0;
  #nextFailures: { failure: FakeFailure; times: number }[] = [];
  #failure: FakeFailure | undefined;
  #response: FakeResponse | undefined;

  /**
   * Makes a fake that responds with a code to every call.
   *
   * @param options Each has a default.
   * @throws `TypeError`: An option is unknown or has a bad value.
   * @throws `SentianceConfigurationError`: `platformUrl` has a bad value.
   */
  constructor(options: FakeUserLinkClientOptions = {}) {
    const given = readTestOptions(options, OPTIONS, NAME);
    const { platformUrl = 'https://api.sentiance.com' } = given;
    this.#platformUrl = clientAt(String(platformUrl)).platformUrl;
    this.#codeLifetime = readCodeLifetime(NAME, given.codeLifetime);
    this.#now = readClock(NAME, given.now) ?? (() => Date.now());
  }

  /** Every call since the start or the last reset, with what it was given, refused ones included. */
  get calls(): readonly FakeCall[] {
    return [...this.#calls];
  }

  /**
   * Responds to every call with this code, or with what this function gives, until reset. What the
   * function throws, the call throws; anything but a `SentianceError` is a fault of the test, and
   * `tryCreateAuthenticationCode` rejects with it too.
   *
   * @param response A code, or a function that gives one for an external id.
   * @returns The fake itself.
   * @throws `TypeError`: No client gives that. What a function gives is checked at the call.
   */
  respondWith(response: FakeResponse): this {
    if (typeof response !== 'function') assertCode(response, 'test');
    this.#response = response;
    return this;
  }

  /**
   * Makes the next calls fail; then it is as before. Failures queue up.
   *
   * @param error An error, or the code of one, such as `timeout`.
   * @param times How many calls fail, 1 to 1,000,000.
   * @returns The fake itself.
   * @throws `TypeError`: There is no such error, or `times` has a bad value.
   */
  failNext(error: FakeFailure, times = 1): this {
    const entry = { failure: checkFailure('failNext', error), times: checkTimes(times) };
    this.#nextFailures.push(entry);
    return this;
  }

  /**
   * Makes every call fail until reset.
   *
   * @param error An error, or the code of one, such as `timeout`.
   * @returns The fake itself.
   * @throws `TypeError`: There is no such error.
   */
  failWith(error: FakeFailure): this {
    this.#failure = checkFailure('failWith', error);
    return this;
  }

  /** Forgets calls, responses, failures and how many codes there were. Keeps its options. */
  reset(): void {
    this.#calls = [];
    this.#issued = 0;
    this.#nextFailures = [];
    this.#failure = undefined;
    this.#response = undefined;
  }

  async createAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCode> {
    this.#calls.push(options === undefined ? { externalId } : { externalId, options });
    // The client checks what it was given, in a call that ends at once …
    await endOfCall(this.#platformUrl, async () => {}, externalId, options);
    // … so that this one can go without the retries and hedges that the options may ask for.
    const { signal, timeout } = options ?? {};
    const once = { signal, timeout, maxRetries: 0 };
    let settled: { code: AuthenticationCode } | { error: unknown } | undefined;
    const respond = async () => {
      try {
        settled = { code: await this.#nextCode(externalId) };
      } catch (error) {
        // Kept aside: the client would take it for a connection that failed.
        settled = { error };
      }
    };
    await endOfCall(this.#platformUrl, respond, externalId, once);
    if (settled && 'code' in settled) return settled.code;
    throw settled?.error;
  }

  async tryCreateAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCodeResult> {
    try {
      return { ok: true, value: await this.createAuthenticationCode(externalId, options) };
    } catch (error) {
      if (error instanceof SentianceError) return { ok: false, error };
      throw error;
    }
  }

  async #nextCode(externalId: string): Promise<AuthenticationCode> {
    const failure = this.#nextFailure() ?? this.#failure;
    if (failure !== undefined) {
      throw typeof failure === 'string' ? sentianceError(failure) : failure;
    }
    if (typeof this.#response !== 'function') return this.#response ?? this.#issueCode();
    const code = await this.#response(externalId);
    assertCode(code, 'function');
    return code;
  }

  #nextFailure(): FakeFailure | undefined {
    const [next] = this.#nextFailures;
    if (next === undefined) return undefined;
    next.times -= 1;
    if (next.times === 0) this.#nextFailures.shift();
    return next.failure;
  }

  #issueCode(): AuthenticationCode {
    const expiresAt = new Date(this.#now() + this.#codeLifetime);
    if (Number.isNaN(expiresAt.getTime())) {
      throw new RangeError(`${NAME}: now must give a number of milliseconds since 1970.`);
    }
    this.#issued += 1;
    return toAuthenticationCode(`fake-code-${this.#issued}`, expiresAt, this.#platformUrl);
  }
}

/** The least that the client takes for a response: one without a body, which ends the call. */
const RESPONSE = {
  status: 200,
  type: 'default',
  headers: { get: () => null },
  bodyUsed: false,
  body: null,
};

/**
 * Resolves when a real client got its response; rejects when it refuses the call, or ends it before
 * that. The code does not come from the client: to read one from a `Response`, it would need
 * microtasks and streams, which fake timers hold and jsdom lacks.
 */
async function endOfCall(
  baseUrl: string,
  respond: () => Promise<void>,
  ...call: Parameters<UserLinkClient['tryCreateAuthenticationCode']>
): Promise<void> {
  const fetch = async () => {
    await respond();
    return RESPONSE;
  };
  const result = await clientAt(baseUrl, fetch).tryCreateAuthenticationCode(...call);
  // The response has no code.
  if (!result.ok && result.error.code !== 'invalid_response') throw result.error;
}

function clientAt(
  baseUrl: string,
  fetch?: SentianceUserLinkClientOptions['fetch'],
): SentianceUserLinkClient {
  return new SentianceUserLinkClient({
    apiKey: 'fake-user-link-key',
    baseUrl,
    fetch,
    // There is no real key to protect.
    dangerouslyAllowBrowser: true,
  });
}

function checkFailure(method: string, failure: FakeFailure): FakeFailure {
  if (failure instanceof SentianceError || isErrorCode(failure)) return failure;
  throw new TypeError(
    `${method}: pass a SentianceError, such as sentianceError('timeout'), or one of its codes: ${ERROR_CODES.join(', ')}.`,
  );
}

function isErrorCode(value: unknown): value is SentianceErrorCode {
  return ERROR_CODES.some((code) => code === value);
}
