/** The body of an error response, the same in both ways of asking. */
import type { ErrorEnvelope } from './api.js';
import { ownText } from './json.js';

/** Empty when the body is of another shape: a proxy's HTML, or nothing. */
export function readErrorEnvelope(json: unknown): ErrorEnvelope {
  return {
    message: ownText(json, 'message'),
    // `code` in its place: with GraphQL, and in one of the vendor's samples for REST.
    errorCode: ownText(json, 'errorCode') || ownText(json, 'code'),
    ref: ownText(json, 'ref'),
  };
}
