/**
 * The GraphQL way to ask for a code. The vendor's sample backend has moved to it and its
 * authentication page names it; its user-creation pages do not.
 */
import * as z from 'zod/mini';
import type { PlatformApi, Success } from './api.js';
import { readErrorEnvelope } from './error-envelope.js';
import { checkJson, codeText, ownField, ownText } from './json.js';

/** Fixed, with the id as a variable: an id spliced into it could change what it asks. */
const DOCUMENT =
  'mutation GenerateAuthCode($externalId: String!) { generate_auth_code(external_id: $externalId) { authentication_code } }';

export const graphql: PlatformApi = {
  other: 'rest',
  path: '/v4/gql',
  encodeRequest: (externalId) => JSON.stringify({ query: DOCUMENT, variables: { externalId } }),
  readSuccess,
  readFailure: readErrorEnvelope,
};

/** The status that stands for the `extensions.code` of an error; any other code is a 500. */
const STATUSES = new Map([
  ['AUTHENTICATION_FAILURE', 401],
  ['AUTHORIZATION_FAILURE', 403],
  ['BAD_REQUEST', 400],
  ['NOT_FOUND', 404],
]);

const schema = z.object({
  data: z.object({ generate_auth_code: z.object({ authentication_code: codeText }) }),
});

function readSuccess(json: unknown): Success {
  // Also beside data: half a response is none.
  const errors = ownField(json, 'errors') ?? [];
  if (!Array.isArray(errors)) return { kind: 'wrong', issues: ['errors'] };
  if (errors.length > 0) return readError(errors[0]);
  const checked = checkJson(schema, json, 3);
  if (!checked.ok) return { kind: 'wrong', issues: checked.issues };
  const { authentication_code: authenticationCode } = checked.value.data.generate_auth_code;
  // Whether there is a field for the expiry is not known, so none is asked for.
  return { kind: 'code', authenticationCode, expiresAt: undefined };
}

function readError(json: unknown): Success {
  const extensions = ownField(json, 'extensions');
  const errorCode = ownText(extensions, 'code');
  const message = ownText(extensions, 'message') || ownText(json, 'message');
  const envelope = { message, errorCode, ref: undefined };
  return { kind: 'failure', failedAs: STATUSES.get(errorCode ?? '') ?? 500, envelope };
}
