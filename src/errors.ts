/**
 * Every way in which asking for an authentication code can fail, as one class a row.
 *
 * Nothing secret may reach these classes: no API key, external id, authentication code, response
 * body or header. The modules that build them pass only text that is safe to log.
 */

/** What went wrong; the literal that each error class carries as its `code`. */
export type SentianceErrorCode = AnySentianceError['code'];

/**
 * What whoever runs the backend should do about an error.
 *
 * In each case the login handler does the same: it lets the user in without a code.
 *
 * - `alert`: somebody has to change something (a key, a setting); waiting does not help.
 * - `retry_later`: it passes; ask again at the app's next chance.
 * - `fix_input`: the caller passed an external id that can never work.
 * - `none`: the caller ended the call on purpose.
 */
export type SentianceErrorAction = 'alert' | 'retry_later' | 'fix_input' | 'none';

/** What every error of this library can carry. */
export interface SentianceErrorInit {
  /** Requests that were sent before this error, 0 when none was; default 0. */
  attempts?: number | undefined;
  /** A bare error with a name and a code, never the original, which may hold secrets. */
  cause?: Error | undefined;
}

/** What an error can carry when the platform answered. */
export interface SentianceApiErrorInit extends SentianceErrorInit {
  /** HTTP status of the answer. */
  status: number;
  /** The platform's own error code, such as `USERLINKING_NOT_CONFIGURED`. */
  errorCode?: string | undefined;
  /** The id that Sentiance support asks for. */
  ref?: string | undefined;
}

/**
 * Marks each class's prototype with its name. The symbol is the same in the ESM copy, the CommonJS
 * copy and in two installed versions, so that `instanceof` recognises an error of any of them.
 */
const brand = Symbol.for('sentiance-user-link.error');

function markClass(errorClass: { prototype: object }, name: string): void {
  const hidden = { configurable: true, enumerable: false, writable: true, value: name };
  Object.defineProperties(errorClass.prototype, { [brand]: hidden, name: hidden });
}

function ownBrand(prototype: object): unknown {
  return Object.getOwnPropertyDescriptor(prototype, brand)?.value;
}

function hasBrand(value: object, name: unknown): boolean {
  try {
    for (
      let prototype: object | null = Object.getPrototypeOf(value);
      prototype !== null;
      prototype = Object.getPrototypeOf(prototype)
    ) {
      if (ownBrand(prototype) === name) return true;
    }
  } catch {
    // A revoked proxy has no prototype to look at.
  }
  return false;
}

/** The base of every error that this library throws or returns. */
export abstract class SentianceError extends Error {
  static {
    markClass(this, 'SentianceError');
  }

  /** What went wrong. */
  abstract readonly code: SentianceErrorCode;
  /** What whoever runs the backend should do about it. */
  abstract readonly action: SentianceErrorAction;
  /** Requests that were sent before this error; 0 when none was. */
  readonly attempts: number;

  constructor(message: string, init: SentianceErrorInit = {}) {
    super(message, init.cause === undefined ? undefined : { cause: init.cause });
    this.attempts = init.attempts ?? 0;
  }

  /** Recognises errors of any copy of this library; false for all else, lookalikes included. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    const name = ownBrand(this.prototype);
    // A class that somebody derived from one of ours has no brand: then the ordinary rule holds.
    if (name === undefined) return Function.prototype[Symbol.hasInstance].call(this, value);
    return typeof value === 'object' && value !== null && hasBrand(value, name);
  }

  /** The error as plain data for a log: every field and the message, no stack, no secret. */
  toJSON(): Record<string, unknown> {
    const fields = Object.fromEntries(Object.entries(this));
    return { name: this.name, message: this.message, ...fields };
  }
}

/** The base of the errors that exist because the platform answered. */
export abstract class SentianceApiError extends SentianceError {
  static {
    markClass(this, 'SentianceApiError');
  }

  /** HTTP status of the answer. */
  readonly status: number;
  /** The platform's own error code, if it sent one; an open set. */
  declare readonly errorCode?: string;
  /** The id of this failure that Sentiance support asks for, if the platform sent one. */
  declare readonly ref?: string;

  constructor(message: string, init: SentianceApiErrorInit) {
    super(message, init);
    this.status = init.status;
    if (init.errorCode !== undefined) this.errorCode = init.errorCode;
    if (init.ref !== undefined) this.ref = init.ref;
  }
}

/**
 * The client cannot work as it is set up: a bad option, an API key that is missing or cannot be a
 * key, an `apiKey` function that failed, or a browser.
 */
export class SentianceConfigurationError extends SentianceError {
  static {
    markClass(this, 'SentianceConfigurationError');
  }

  readonly code = 'invalid_configuration' as const;
  readonly action = 'alert' as const;
}

/** The external id is not a string, is blank, or is not well-formed Unicode. Nothing was sent. */
export class SentianceInvalidExternalIdError extends SentianceError {
  static {
    markClass(this, 'SentianceInvalidExternalIdError');
  }

  readonly code = 'invalid_external_id' as const;
  readonly action = 'fix_input' as const;
}

/** The platform refused the API key (401). */
export class SentianceAuthenticationError extends SentianceApiError {
  static {
    markClass(this, 'SentianceAuthenticationError');
  }

  readonly code = 'unauthorized' as const;
  readonly action = 'alert' as const;
}

/** The API key may not link users (403). */
export class SentiancePermissionError extends SentianceApiError {
  static {
    markClass(this, 'SentiancePermissionError');
  }

  readonly code = 'forbidden' as const;
  readonly action = 'alert' as const;
}

/** Too many requests (429), and the wait that the platform asked for did not fit the budget. */
export class SentianceRateLimitError extends SentianceApiError {
  static {
    markClass(this, 'SentianceRateLimitError');
  }

  readonly code = 'rate_limited' as const;
  readonly action = 'retry_later' as const;
  /** Milliseconds to wait, from the answer's `Retry-After`; absent when it had none. */
  declare readonly retryAfter?: number;

  constructor(message: string, init: SentianceApiErrorInit & { retryAfter?: number | undefined }) {
    super(message, init);
    if (init.retryAfter !== undefined) this.retryAfter = init.retryAfter;
  }
}

/** The platform has a problem of its own (408 or 5xx). */
export class SentianceServerError extends SentianceApiError {
  static {
    markClass(this, 'SentianceServerError');
  }

  readonly code = 'server_error' as const;
  readonly action = 'retry_later' as const;
}

/** The platform did not accept the request (any 4xx without a class of its own). */
export class SentianceRequestError extends SentianceApiError {
  static {
    markClass(this, 'SentianceRequestError');
  }

  readonly code = 'rejected' as const;
  readonly action = 'alert' as const;
}

/** The answer was a redirect (3xx), which is never followed: it would carry the key elsewhere. */
export class SentianceRedirectError extends SentianceApiError {
  static {
    markClass(this, 'SentianceRedirectError');
  }

  readonly code = 'unexpected_redirect' as const;
  readonly action = 'alert' as const;
}

/** A successful answer (2xx) that is not what the platform documents. */
export class SentianceResponseError extends SentianceApiError {
  static {
    markClass(this, 'SentianceResponseError');
  }

  readonly code = 'invalid_response' as const;
  readonly action = 'alert' as const;
  /** Paths of the fields that are wrong, `(body)` for the answer as a whole; never their values. */
  readonly issues: readonly string[];

  constructor(message: string, init: SentianceApiErrorInit & { issues: readonly string[] }) {
    super(message, init);
    this.issues = init.issues;
  }
}

/** The platform could not be reached, or the connection was lost. */
export class SentianceConnectionError extends SentianceError {
  static {
    markClass(this, 'SentianceConnectionError');
  }

  readonly code = 'connection_failed' as const;
  readonly action = 'retry_later' as const;
  /** The system's code for it, such as `ECONNRESET`, when it is a known one. */
  declare readonly reason?: string;

  constructor(message: string, init: SentianceErrorInit & { reason?: string | undefined } = {}) {
    super(message, init);
    if (init.reason !== undefined) this.reason = init.reason;
  }
}

/** One attempt's limit (`timeout`) or the whole call's (`totalTimeout`) ran out. */
export class SentianceTimeoutError extends SentianceError {
  static {
    markClass(this, 'SentianceTimeoutError');
  }

  readonly code = 'timeout' as const;
  readonly action = 'retry_later' as const;
  /** What the attempt before met, when there was one. */
  declare readonly lastError?: SentianceError;

  constructor(
    message: string,
    init: SentianceErrorInit & { lastError?: SentianceError | undefined } = {},
  ) {
    super(message, init);
    if (init.lastError !== undefined) this.lastError = init.lastError;
  }
}

/** The caller's `signal` ended the call. */
export class SentianceAbortError extends SentianceError {
  static {
    markClass(this, 'SentianceAbortError');
  }

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
