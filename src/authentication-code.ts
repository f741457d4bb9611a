/** A code for one user's app, as the platform issued it. */
export interface AuthenticationCode {
  /**
   * The code that the app passes to the SDK's `createUser`. A credential: give it to that user's
   * app and to nobody else, and never log or cache it.
   */
  readonly authenticationCode: string;
  /**
   * When the code expires: the platform's `expires_at`, or 10 minutes after the request was sent
   * when the platform does not say.
   */
  readonly expiresAt: Date;
  /** The platform that the code is valid on, which the app needs outside the EU; no trailing slash. */
  readonly platformUrl: string;
}

/** Node's name for "how `util.inspect` and `console.log` show me". */
const inspect = Symbol.for('nodejs.util.inspect.custom');

/**
 * A plain object that `JSON.stringify` shows whole, since that is how it reaches the app, and
 * `console.log` shows without the code.
 */
export function toAuthenticationCode({
  authenticationCode,
  expiresAt,
  platformUrl,
}: AuthenticationCode): AuthenticationCode {
  const code = { authenticationCode, expiresAt, platformUrl };
  const value = () => ({ ...code, authenticationCode: '[redacted]' });
  return Object.defineProperty(code, inspect, { value, enumerable: false });
}
