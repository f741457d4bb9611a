/**
 * One class for each way a call can fail.
 *
 * Nothing secret may reach these classes: no API key, external id, authentication code, response
 * body or header. The modules that build them pass only text that is safe to log.
 */

/** The literal that each error class carries as its `code`. */
export type SentianceErrorCode =
  | 'invalid_configuration'
  | 'invalid_external_id'
  | 'unauthorized'
  | 'forbidden'
  | 'rate_limited'
  | 'server_error'
  | 'rejected'
  | 'unexpected_redirect'
  | 'invalid_response'
  | 'connection_failed'
  | 'timeout'
  | 'aborted';

/**
 * The action that an error asks of whoever runs the backend.
 *
 * In each case the login handler does the same: it lets the user in without a code.
 *
 * - `alert`: somebody has to change something (a key, a setting); waiting does not help.
 * - `retry_later`: it passes; ask again at the app's next chance.
 * - `fix_input`: the caller passed an external id that can never work.
 * - `none`: the caller ended the call on purpose.
 */
export type SentianceErrorAction = 'alert' | 'retry_later' | 'fix_input' | 'none';

/** Fields that every error of this library can carry. */
export interface SentianceErrorInit {
  /** Requests that were sent before this error, 0 when none was; default 0. */
  attempts?: number | undefined;
  /** A bare error with a name and a code, never the original, which may hold secrets. */
  cause?: Error | undefined;
}

/** Fields that an error can carry when the platform responded. */
export interface SentianceApiErrorInit extends SentianceErrorInit {
  /** HTTP status of the response. */
  status: number;
  /** The platform's own error code, such as `USERLINKING_NOT_CONFIGURED`. */
  errorCode?: string | undefined;
  /** The id that Sentiance support asks for. */
  ref?: string | undefined;
}

/**
 * The symbol on each class's prototype. It is the same in the ESM copy, the CommonJS copy and in two
 * installed versions, so that `instanceof` recognises an error of any of them.
 */
const marks = new Map<unknown, symbol>();

/** The type that `instanceof` narrows to: the union for a base class, whose `code` narrows on. */
type Narrowed<E> = Extract<AnySentianceError, E> extends never ? E : Extract<AnySentianceError, E>;

/**
 * The base of every error that this library throws or returns.
 *
 * `instanceof` recognises errors of any copy of this library (ESM, CommonJS, another installed
 * version), here and for every subclass; it is false for all else. With this class it narrows to
 * {@link AnySentianceError}, with a subclass to that one (TypeScript 5.3 and later).
 */
export abstract class SentianceError extends Error {
  /** The kind of failure: a literal of each class, for a `switch`. */
  abstract readonly code: SentianceErrorCode;
  /** The action that it asks of whoever runs the backend. */
  abstract readonly action: SentianceErrorAction;
  /** Requests that were sent before this error; 0 when none was. */
  readonly attempts: number;

  /**
   * Makes one; a test has `sentianceError` for it.
   *
   * @ignore Of each class, it would be as long as all else.
   * @param message Safe to log: nothing of it is secret.
   * @param init What else the error carries.
   */
  constructor(message: string, init: SentianceErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.attempts = init.attempts ?? 0;
  }

  /**
   * Recognises errors of any copy of this library.
   *
   * @ignore The class's description says it.
   */
  static override [Symbol.hasInstance]<C extends abstract new (...args: never[]) => SentianceError>(
    this: C,
    value: unknown,
  ): value is Narrowed<InstanceType<C>> {
    const mark = marks.get(this.prototype);
    // A class that somebody derived from one of ours has no mark: then the ordinary rule holds.
    if (mark === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && mark in value;
  }

  /**
   * The error as plain data for a log; `JSON.stringify` calls it.
   *
   * @returns Every field and the message; no stack, no secret.
   */
  toJSON(): Record<string, unknown> {
    const fields = Object.fromEntries(Object.entries(this));
    return { name: this.name, message: this.message, ...fields };
  }
}

/** The base of the errors that exist because the platform responded. */
export abstract class SentianceApiError extends SentianceError {
  /** HTTP status of the response. */
  readonly status: number;
  /** The platform's own error code, if it sent one; an open set. */
  declare readonly errorCode?: string;
  /** The id of this failure that Sentiance support asks for, if the platform sent one. */
  declare readonly ref?: string;

  /**
   * Makes one; a test has `sentianceError` for it.
   *
   * @ignore Of each class, it would be as long as all else.
   * @param message Safe to log: nothing of it is secret.
   * @param init The status, and what else the error carries.
   */
  constructor(message: string, init: SentianceApiErrorInit) {
    super(message, init);
    this.status = init.status;
    if (init.errorCode !== undefined) this.errorCode = init.errorCode;
    if (init.ref !== undefined) this.ref = init.ref;
  }
}

/**
 * The client cannot work as it is set up: a bad option, an API key that is missing or cannot be a
 * key, an `apiKey` function that failed, a browser, or a runtime without `fetch`.
 */
export class SentianceConfigurationError extends SentianceError {
  readonly code = 'invalid_configuration' as const;
  readonly action = 'alert' as const;
}

/** The external id is not a string, is blank, or is not well-formed Unicode. Nothing was sent. */
export class SentianceInvalidExternalIdError extends SentianceError {
  readonly code = 'invalid_external_id' as const;
  readonly action = 'fix_input' as const;
}

/** The platform refused the API key (401). */
export class SentianceAuthenticationError extends SentianceApiError {
  readonly code = 'unauthorized' as const;
  readonly action = 'alert' as const;
}

/** The API key may not link users (403). */
export class SentiancePermissionError extends SentianceApiError {
  readonly code = 'forbidden' as const;
  readonly action = 'alert' as const;
}

/** Too many requests (429), also after the retries that fitted in `timeout`. */
export class SentianceRateLimitError extends SentianceApiError {
  readonly code = 'rate_limited' as const;
  readonly action = 'retry_later' as const;
  /** Milliseconds to wait, from the response's `Retry-After`; absent when it had none. */
  declare readonly retryAfter?: number;

  /**
   * Makes one; a test has `sentianceError` for it.
   *
   * @ignore Of each class, it would be as long as all else.
   * @param message Safe to log: nothing of it is secret.
   * @param init The status, and what else the error carries.
   */
  constructor(
    message: string,
    init: SentianceApiErrorInit & {
      /** Milliseconds to wait. */
      retryAfter?: number | undefined;
    },
  ) {
    super(message, init);
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter;
  }
}

/** The platform has a problem of its own (408 or 5xx). */
export class SentianceServerError extends SentianceApiError {
  readonly code = 'server_error' as const;
  readonly action = 'retry_later' as const;
}

/** The platform did not accept the request (any 4xx without a class of its own). */
export class SentianceRequestError extends SentianceApiError {
  readonly code = 'rejected' as const;
  readonly action = 'alert' as const;
}

/** The response was a redirect (3xx), which is never followed: it would carry the key elsewhere. */
export class SentianceRedirectError extends SentianceApiError {
  readonly code = 'unexpected_redirect' as const;
  readonly action = 'alert' as const;
}

/** A successful response (2xx) that is not what the platform documents. */
export class SentianceResponseError extends SentianceApiError {
  readonly code = 'invalid_response' as const;
  readonly action = 'alert' as const;
  /** Paths of the fields that are wrong, `(body)` for the response as a whole; never their values. */
  readonly issues: readonly string[];

  /**
   * Makes one; a test has `sentianceError` for it.
   *
   * @ignore Of each class, it would be as long as all else.
   * @param message Safe to log: nothing of it is secret.
   * @param init The status and the issues, and what else the error carries.
   */
  constructor(
    message: string,
    init: SentianceApiErrorInit & {
      /** Paths of the fields that are wrong. */
      issues: readonly string[];
    },
  ) {
    super(message, init);
    this.issues = init.issues;
  }
}

/**
 * The platform could not be reached, or the connection was lost. A 407 of a proxy is one of these on
 * runtimes whose `fetch` turns it into a network error, as Node's does.
 */
export class SentianceConnectionError extends SentianceError {
  readonly code = 'connection_failed' as const;
  /**
   * `retry_later`, or `alert` for what does not pass by itself: a host name that does not exist, a
   * certificate that is not trusted, a port that speaks no TLS, a dispatcher of undici that does not
   * fit its `fetch`.
   */
  readonly action: 'retry_later' | 'alert';
  /** The system's code for it, such as `ECONNRESET`, where the runtime gives one. */
  declare readonly reason?: string;

  /**
   * Makes one; a test has `sentianceError` for it.
   *
   * @ignore Of each class, it would be as long as all else.
   * @param message Safe to log: nothing of it is secret.
   * @param init What else the error carries.
   */
  constructor(
    message: string,
    init: SentianceErrorInit & {
      /** The system's code for it. */
      reason?: string | undefined;
      /** Default: `retry_later`. */
      action?: 'retry_later' | 'alert' | undefined;
    } = {},
  ) {
    super(message, init);
    this.action = init.action ?? 'retry_later';
    if (init.reason !== undefined) this.reason = init.reason;
  }
}

/** The call's `timeout` ran out. */
export class SentianceTimeoutError extends SentianceError {
  readonly code = 'timeout' as const;
  readonly action = 'retry_later' as const;
  /** The error of the last attempt that had failed, when one had. */
  declare readonly lastError?: AnySentianceError;

  /**
   * Makes one; a test has `sentianceError` for it.
   *
   * @ignore Of each class, it would be as long as all else.
   * @param message Safe to log: nothing of it is secret.
   * @param init What else the error carries.
   */
  constructor(
    message: string,
    init: SentianceErrorInit & {
      /** The error of the last attempt that had failed. */
      lastError?: AnySentianceError | undefined;
    } = {},
  ) {
    super(message, init);
    if (init.lastError !== undefined) this.lastError = init.lastError;
  }
}

/** The caller's `signal` ended the call. */
export class SentianceAbortError extends SentianceError {
  readonly code = 'aborted' as const;
  readonly action = 'none' as const;
}

/** All error classes as a union: a `switch` on its `code` narrows to the class and its fields. */
export type AnySentianceError =
  | SentianceConfigurationError
  | SentianceInvalidExternalIdError
  | SentianceAuthenticationError
  | SentiancePermissionError
  | SentianceRateLimitError
  | SentianceServerError
  | SentianceRequestError
  | SentianceRedirectError
  | SentianceResponseError
  | SentianceConnectionError
  | SentianceTimeoutError
  | SentianceAbortError;

// By these keys, since a bundler may rename the classes themselves.
const CLASSES = {
  SentianceError,
  SentianceApiError,
  SentianceConfigurationError,
  SentianceInvalidExternalIdError,
  SentianceAuthenticationError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceServerError,
  SentianceRequestError,
  SentianceRedirectError,
  SentianceResponseError,
  SentianceConnectionError,
  SentianceTimeoutError,
  SentianceAbortError,
};
for (const [name, { prototype }] of Object.entries(CLASSES)) {
  const mark = Symbol.for(`sentiance-user-link.${name}`);
  marks.set(prototype, mark);
  const hidden = { configurable: true, enumerable: false, writable: true, value: name };
  Object.defineProperties(prototype, { [mark]: hidden, name: hidden });
}
