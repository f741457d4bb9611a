/** What a response of the platform comes to: an authentication code, or an error. */

import { type AuthenticationCode, toAuthenticationCode } from '../authentication-code.js';
import type { AnySentianceError } from '../errors.js';
import { hasOwnField } from '../safety/own-field.js';
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

/** What an attempt comes to. */
export type Outcome =
  | { readonly code: AuthenticationCode }
  | {
      readonly error: AnySentianceError;
      /** Milliseconds that the platform asks to wait, whichever status says so. */
      readonly retryAfter?: number | undefined;
    };

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
  const error = statusError(status, context.api.readFailure(json), wait, context);
  return { error, retryAfter: wait };
}

function readSuccess(
  status: number,
  body: ResponseBody,
  context: ResponseContext,
  sentAt: number,
): Outcome {
  if (typeof body !== 'string') {
    return { error: invalidResponse(status, body.unreadable, [WHOLE_BODY], context) };
  }
  const read = context.api.readSuccess(parseJson(body));
  if (hasOwnField(read, 'issues'))
    return { error: invalidResponse(status, 'fields', read.issues, context) };
  if (hasOwnField(read, 'failedAs')) {
    return { error: statusError(status, read.envelope, undefined, context, read.failedAs) };
  }
  const { authenticationCode, expiresAt = assumedExpiry(sentAt) } = read;
  const { platformUrl } = context.platform;
  return { code: toAuthenticationCode(authenticationCode, expiresAt, platformUrl) };
}
