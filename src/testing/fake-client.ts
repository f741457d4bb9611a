/** A client for tests that needs no network, no key and no account. */
import {
  type AuthenticationCode,
  type AuthenticationCodeResult,
  type CreateAuthenticationCodeOptions,
  SentianceError,
  type SentianceErrorCode,
  SentianceUserLinkClient,
  type UserLinkClient,
} from 'sentiance-user-link';
import { checkTimes } from './check-times.js';
import { readCodeLifetime } from './code-lifetime.js';
import { printNameAlone } from './print-name-alone.js';
import { ERROR_CODES, sentianceError } from './sentiance-error.js';

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

/**
 * Behaves as the client does, because a real client stands inside, with a `fetch` that responds from
 * memory: external ids and options are checked, signals and `timeout` honoured, errors are the real
 * classes. A call gets one response, however long that takes: there are no retries and no hedges.
 * Codes are `fake-code-1`, `fake-code-2`, …
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
   * @throws `TypeError`: `codeLifetime` has a bad value, or there is no global `Response`, as in
   *   Jest's jsdom environment.
   * @throws `SentianceConfigurationError`: `platformUrl` has a bad value.
   */
  constructor(options: FakeUserLinkClientOptions = {}) {
    if (typeof Response === 'undefined') {
      throw new TypeError(
        "FakeUserLinkClient needs the global Response, which Jest's jsdom environment lacks. Use the test environment 'node', as backend code does.",
      );
    }
    const { platformUrl = 'https://api.sentiance.com', codeLifetime, now } = options;
    this.#platformUrl = realClient(platformUrl).platformUrl;
    this.#codeLifetime = readCodeLifetime('FakeUserLinkClient', codeLifetime);
    this.#now = now ?? Date.now;
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
   */
  respondWith(response: FakeResponse): this {
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
    const unused = async () => codeResponse('unused');
    let code: AuthenticationCode | undefined;
    let failed: { error: unknown } | undefined;
    const respond = async () => {
      try {
        code = await this.#nextResponse(externalId);
        if (code === undefined) return this.#issueCode();
      } catch (error) {
        // Kept aside: the client would take it for a connection that failed.
        failed = { error };
      }
      return unused();
    };
    // The client checks what it was given, by a call that gets its response at once …
    await realClient(this.#platformUrl, unused).createAuthenticationCode(externalId, options);
    // … so that this one can go without the retries and hedges that the options may ask for.
    const { signal, timeout } = options ?? {};
    const once = { signal, timeout, maxRetries: 0 };
    const issued = await realClient(this.#platformUrl, respond).createAuthenticationCode(
      externalId,
      once,
    );
    if (failed) throw failed.error;
    return code ?? issued;
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

  async #nextResponse(externalId: string): Promise<AuthenticationCode | undefined> {
    const failure = this.#nextFailure() ?? this.#failure;
    if (failure !== undefined) {
      throw typeof failure === 'string' ? sentianceError(failure) : failure;
    }
    return typeof this.#response === 'function' ? this.#response(externalId) : this.#response;
  }

  #nextFailure(): FakeFailure | undefined {
    const [next] = this.#nextFailures;
    if (next === undefined) return undefined;
    next.times -= 1;
    if (next.times === 0) this.#nextFailures.shift();
    return next.failure;
  }

  #issueCode(): Response {
    this.#issued += 1;
    const expiresAt = new Date(this.#now() + this.#codeLifetime);
    return codeResponse(`fake-code-${this.#issued}`, expiresAt.toISOString());
  }
}

function codeResponse(authenticationCode: string, expiresAt?: string): Response {
  return Response.json({ authentication_code: authenticationCode, expires_at: expiresAt });
}

function realClient(baseUrl: string, fetch?: () => Promise<Response>): SentianceUserLinkClient {
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
