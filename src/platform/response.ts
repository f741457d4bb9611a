/** Turns a response of the platform into an authentication code or an error. */
import { type AuthenticationCode, toAuthenticationCode } from '../authentication-code.js';
import type { AnySentianceError } from '../errors.js';
import { WHOLE_BODY } from './api.js';
import { assumedExpiry } from './code-expiry.js';
import { parseJson } from './json.js';
import type { ResponseBody } from './response-body.js';
import { invalidResponse, type ResponseContext, statusError } from './response-errors.js';
import { readRetryAfter } from './retry-after.js';

export interface ResponseHead {
  /** HTTP status; 0 for a redirect that the runtime hides (`redirect: 'manual'` in a browser). */
  readonly status: number;
  /** The `Retry-After` header; not read of a success. */
  readonly retryAfter: string | null | undefined;
}

/** The result of an attempt. */
export type Outcome =
  | { readonly ok: true; readonly code: AuthenticationCode }
  | {
      readonly ok: false;
      readonly error: AnySentianceError;
      /** Milliseconds that the platform asks to wait, whichever status says so. */
      readonly retryAfter: number | undefined;
    };

export function failed(error: AnySentianceError, retryAfter?: number): Outcome {
  return { ok: false, error, retryAfter };
}

/** @param sentAt When the request was sent, in milliseconds since 1970. */
export function readResponse(
  { status, retryAfter }: ResponseHead,
  body: ResponseBody,
  context: ResponseContext,
  sentAt: number,
): Outcome {
  if (status >= 200 && status <= 299) return readSuccess(status, body, context, sentAt);
  const json = typeof body === 'string' ? parseJson(body) : undefined;
  const wait = readRetryAfter(retryAfter);
  return failed(statusError(status, context.api.readFailure(json), wait, context), wait);
}

function readSuccess(
  status: number,
  body: ResponseBody,
  context: ResponseContext,
  sentAt: number,
): Outcome {
  if (typeof body !== 'string') {
    return failed(invalidResponse(status, body.unreadable, [WHOLE_BODY], context));
  }
  const read = context.api.readSuccess(parseJson(body));
  if (read.kind === 'wrong') {
    return failed(invalidResponse(status, 'fields', read.issues, context));
  }
  if (read.kind === 'failure') {
    return failed(statusError(status, read.envelope, undefined, context, read.failedAs));
  }
  const { authenticationCode, expiresAt = assumedExpiry(sentAt) } = read;
  const { platformUrl } = context.platform;
  return { ok: true, code: toAuthenticationCode(authenticationCode, expiresAt, platformUrl) };
}
