/**
 * The GraphQL way to ask for a code. The vendor's sample backend has moved to it and its
 * authentication page names it; its user-creation pages do not.
 */
import * as z from 'zod/mini';
import { type PlatformApi, type Success, WHOLE_BODY } from './api.js';
import { readErrorEnvelope } from './error-envelope.js';
import { codeText, optionalText, ownObject, pathsOf } from './json.js';

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

const codeSchema = ownObject({
  data: ownObject({ generate_auth_code: ownObject({ authentication_code: codeText }) }),
});
const errorsSchema = ownObject({ errors: z.optional(z.nullable(z.array(z.unknown()))) });
const errorSchema = ownObject({ message: optionalText, extensions: z.unknown() });
const extensionsSchema = ownObject({ message: optionalText, code: optionalText });

function readSuccess(json: unknown): Success {
  const list = errorsSchema.safeParse(json);
  if (!list.success) return { kind: 'wrong', issues: pathsOf(list.error, WHOLE_BODY) };
  // Also beside data: half a response is none.
  const errors = list.data.errors ?? [];
  if (errors.length > 0) return readError(errors[0]);
  const result = codeSchema.safeParse(json);
  if (!result.success) return { kind: 'wrong', issues: pathsOf(result.error, WHOLE_BODY) };
  const { authentication_code: authenticationCode } = result.data.data.generate_auth_code;
  // Whether there is a field for the expiry is not known, so none is asked for.
  return { kind: 'code', authenticationCode, expiresAt: undefined };
}

function readError(json: unknown): Success {
  const error = parsed(errorSchema, json);
  const extensions = parsed(extensionsSchema, error?.extensions);
  const errorCode = extensions?.code;
  const message = extensions?.message || error?.message;
  const envelope = { message, errorCode, ref: undefined };
  return { kind: 'failure', failedAs: STATUSES.get(errorCode ?? '') ?? 500, envelope };
}

/** `undefined` for another shape: the `data` of a result that failed is whatever a prototype lends. */
function parsed<Schema extends z.ZodMiniType>(schema: Schema, json: unknown) {
  const result = schema.safeParse(json);
  return result.success ? result.data : undefined;
}
