/** The REST way to ask for a code, as the vendor's user-creation pages document it. */
import * as z from 'zod/mini';
import type { PlatformApi, Success } from './api.js';
import { readErrorEnvelope } from './error-envelope.js';
import { checkJson, codeText, ownText } from './json.js';

export const rest: PlatformApi = {
  other: 'graphql',
  // The platform's API has no version in it.
  path: '/users/auth-code',
  encodeRequest: (externalId) => JSON.stringify({ external_id: externalId }),
  readSuccess,
  readFailure: readErrorEnvelope,
};

const schema = z.object({
  authentication_code: codeText,
  expires_at: z.optional(z.iso.datetime({ offset: true })),
});

function readSuccess(json: unknown): Success {
  const checked = checkJson(schema, json, 1);
  if (!checked.ok) return { kind: 'wrong', issues: checked.issues };
  const expiresAt = ownText(checked.value, 'expires_at');
  return {
    kind: 'code',
    authenticationCode: checked.value.authentication_code,
    expiresAt: expiresAt ? new Date(expiresAt) : undefined,
  };
}
