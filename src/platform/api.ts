/** What a way of asking the platform consists of; each has a module of its own. */

export interface PlatformApi {
  /** Path below the platform URL. */
  readonly path: string;
  encodeRequest(externalId: string): string;
  /** The code in the JSON of a successful response, or the paths of what is wrong with it. */
  readSuccess(json: unknown): IssuedCode | { ok: false; issues: readonly string[] };
  /** What an error response says of itself; empty when its body is of another shape. */
  readFailure(json: unknown): ErrorEnvelope;
}

export interface IssuedCode {
  ok: true;
  authenticationCode: string;
  /** `undefined` when the platform does not say. */
  expiresAt: Date | undefined;
}

/** As it was sent: not yet safe to show. Each field is its own, so that no prototype lends one. */
export interface ErrorEnvelope {
  message: string | undefined;
  errorCode: string | undefined;
  ref: string | undefined;
}

/** Issue path for a response that is wrong as a whole: not JSON, not an object, too large. */
export const WHOLE_BODY = '(body)';
