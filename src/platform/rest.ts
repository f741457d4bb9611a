/** The REST way to ask for a code, as the vendor's user-creation pages document it. */
import * as z from 'zod/mini';
import { type ErrorEnvelope, type IssuedCode, type PlatformApi, WHOLE_BODY } from './api.js';
import { ownFields } from './json.js';

export const rest: PlatformApi = {
  // The platform's API has no version in it.
  path: '/users/auth-code',
  encodeRequest: (externalId) => JSON.stringify({ external_id: externalId }),
  readSuccess,
  readFailure,
};

const successSchema = z.object({
  authentication_code: z.string().check(z.regex(/\S/)),
  expires_at: z.optional(z.iso.datetime({ offset: true })),
});

function readSuccess(json: unknown): IssuedCode | { ok: false; issues: readonly string[] } {
  const result = successSchema.safeParse(ownFields(json));
  if (!result.success) {
    const paths = result.error.issues.map((issue) => issue.path.join('.') || WHOLE_BODY);
    return { ok: false, issues: [...new Set(paths)] };
  }
  const { authentication_code: authenticationCode, expires_at: expiresAt } = ownFields(result.data);
  return { ok: true, authenticationCode, expiresAt: expiresAt ? new Date(expiresAt) : undefined };
}

// Not `z.catch`: that brings all of zod's helpers into the bundle, and with them `new Function`.
const onlyText = z.transform((value) => (typeof value === 'string' ? value : undefined));
const optionalText = z.optional(z.pipe(z.unknown(), onlyText));
const failureSchema = z.object({
  message: optionalText,
  errorCode: optionalText,
  // In place of `errorCode` in one of the vendor's samples.
  code: optionalText,
  ref: optionalText,
});

function readFailure(json: unknown): ErrorEnvelope {
  const result = failureSchema.safeParse(ownFields(json));
  if (!result.success) return { message: undefined, errorCode: undefined, ref: undefined };
  const { message, errorCode, code, ref } = ownFields(result.data);
  return { message, errorCode: errorCode || code, ref };
}
