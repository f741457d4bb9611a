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

/** How `console.log` asks an object for its printed form, in each runtime. */
const INSPECT_SYMBOLS = [
  // Node, Bun, Deno and workerd.
  Symbol.for('nodejs.util.inspect.custom'),
  // Vercel's edge runtime.
  Symbol.for('edge-runtime.inspect.custom'),
];

/**
 * A plain object that `JSON.stringify` shows whole, since that is how it reaches the app, and
 * `console.log` shows without the code.
 */
export function toAuthenticationCode(
  authenticationCode: string,
  expiresAt: Date,
  platformUrl: string,
): AuthenticationCode {
  const code = { authenticationCode, expiresAt, platformUrl };
  const value = () => ({ ...code, authenticationCode: '[redacted]' });
  for (const inspect of INSPECT_SYMBOLS) {
    Object.defineProperty(code, inspect, { value, enumerable: false });
  }
  return code;
}
