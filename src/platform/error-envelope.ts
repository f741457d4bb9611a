/** The body of an error response, the same in both ways of asking. */
import type { ErrorEnvelope } from './api.js';
import { optionalText, ownObject } from './json.js';

const schema = ownObject({
  message: optionalText,
  errorCode: optionalText,
  // In place of `errorCode`: with GraphQL, and in one of the vendor's samples for REST.
  code: optionalText,
  ref: optionalText,
});

/** Empty when the body is of another shape: a proxy's HTML, or nothing. */
export function readErrorEnvelope(json: unknown): ErrorEnvelope {
  const result = schema.safeParse(json);
  if (!result.success) return { message: undefined, errorCode: undefined, ref: undefined };
  const { message, errorCode, code, ref } = result.data;
  return { message, errorCode: errorCode || code, ref };
}
