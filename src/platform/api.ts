import type { SentianceApi } from '../options.js';

/** What a way of asking the platform consists of; each has a module of its own. */

export interface PlatformApi {
  /** What the option `api` calls the other way. */
  readonly other: SentianceApi;
  /** Path below the platform URL. */
  readonly path: string;
  encodeRequest(externalId: string): string;
  /** Reads the JSON of a response with a status of success. */
  readSuccess(json: unknown): Success;
  /** What an error response says of itself; empty when its body is of another shape. */
  readFailure(json: unknown): ErrorEnvelope;
}

/** What a response with a status of success comes to. */
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
