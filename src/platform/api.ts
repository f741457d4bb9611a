import type { SentianceApi } from '../options.js';

/** A way of asking the platform; each has a module of its own. */

export interface PlatformApi {
  /** The other way, as the option `api` calls it. */
  readonly other: SentianceApi;
  /** Path below the platform URL. */
  readonly path: string;
  encodeRequest(externalId: string): string;
  /** Reads the JSON of a response with a status of success. */
  readSuccess(json: unknown): Success;
  /** Reads an error response; the fields are `undefined` when its body is of another shape. */
  readFailure(json: unknown): ErrorEnvelope;
}

/** The reading of a response with a status of success. */
export type Success =
  | {
      kind: 'code';
      authenticationCode: string;
      /** `undefined` when the platform does not say. */
      expiresAt: Date | undefined;
    }
  /** A failure all the same, with the status that it stands for. */
  | { kind: 'failure'; failedAs: number; envelope: ErrorEnvelope }
  /** Not the contract: the paths of what is wrong. */
  | { kind: 'wrong'; issues: readonly string[] };

/** As it was sent: not yet safe to show. Each field is its own, so that no prototype lends one. */
export interface ErrorEnvelope {
  message: string | undefined;
  errorCode: string | undefined;
  ref: string | undefined;
}

/** Issue path for a response that is wrong as a whole: not JSON, not an object, too large. */
export const WHOLE_BODY = '(body)';
