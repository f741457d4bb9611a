/** The REST way to ask for a code, as the vendor's user-creation pages document it. */
import * as z from 'zod/mini';
import { type PlatformApi, type Success, WHOLE_BODY } from './api.js';
import { readErrorEnvelope } from './error-envelope.js';
import { codeText, ownObject, pathsOf } from './json.js';

export const rest: PlatformApi = {
  other: 'graphql',
  // The platform's API has no version in it.
  path: '/users/auth-code',
  encodeRequest: (externalId) => JSON.stringify({ external_id: externalId }),
  readSuccess,
  readFailure: readErrorEnvelope,
};

const schema = ownObject({
  authentication_code: codeText,
  expires_at: z.optional(z.iso.datetime({ offset: true })),
});

function readSuccess(json: unknown): Success {
  const result = schema.safeParse(json);
  if (!result.success) return { kind: 'wrong', issues: pathsOf(result.error, WHOLE_BODY) };
  const { authentication_code: authenticationCode, expires_at: expiresAt } = result.data;
  return {
    kind: 'code',
    authenticationCode,
    expiresAt: expiresAt ? new Date(expiresAt) : undefined,
  };
}
