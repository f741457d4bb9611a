/**
 * `POST /v4/gql`: the mutation that asks for a code, on a schema of its own. The sample backend of
 * the vendor shows the mutation and the codes of errors; all else of the schema is assumed.
 */
import {
  buildSchema,
  executeSync,
  GraphQLError,
  type GraphQLSchema,
  NoSchemaIntrospectionCustomRule,
  parse,
  specifiedRules,
  validate,
} from 'graphql';

/** A real document has some 20; a larger one, or one that is nested deeply, is not read on. */
const MAX_TOKENS = 500;
/** The messages of errors quote the document. */
const MAX_MESSAGE = 300;

const SDL = `
  type Query { "A schema needs a query; the platform's are not emulated." emulator: String }
  type Mutation { generate_auth_code(external_id: String!): AuthenticationCode }
  type AuthenticationCode { authentication_code: String! }
`;

let schema: GraphQLSchema | undefined;

export type GraphqlErrorCode = 'AUTHENTICATION_FAILURE' | 'AUTHORIZATION_FAILURE' | 'BAD_REQUEST';

export interface GraphqlRequest {
  query: string;
  variables?: Record<string, unknown> | undefined;
  operationName?: string | undefined;
}

/** The request in a body, or `undefined` when it is none. */
export function readGraphqlRequest(body: unknown): GraphqlRequest | undefined {
  const { query, variables, operationName } = isRecord(body) ? body : {};
  if (typeof query !== 'string') return undefined;
  return {
    query,
    variables: isRecord(variables) ? variables : undefined,
    operationName: typeof operationName === 'string' ? operationName : undefined,
  };
}

/** What the resolver of the mutation throws. */
export function graphqlError(code: GraphqlErrorCode, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, message } });
}

/**
 * Runs a document.
 *
 * @param issueCode Gives a code for an external id, or throws a `graphqlError`.
 * @returns What the response's JSON is made of: `data`, `errors` or both.
 */
export function runGraphql(
  { query, variables, operationName }: GraphqlRequest,
  issueCode: (externalId: string) => string,
): { data?: unknown; errors?: readonly unknown[] | undefined } {
  try {
    // Not at the top: few who load the emulator ask it by GraphQL.
    schema ??= buildSchema(SDL);
    const document = parse(query, { maxTokens: MAX_TOKENS });
    const problems = validate(schema, document, [
      ...specifiedRules,
      NoSchemaIntrospectionCustomRule,
    ]);
    if (problems.length > 0) return { errors: problems.map(toJson) };
    const { data, errors } = executeSync({
      schema,
      document,
      rootValue: {
        generate_auth_code: ({ external_id }: { external_id: string }) => ({
          authentication_code: issueCode(external_id),
        }),
      },
      variableValues: variables,
      operationName,
    });
    return errors === undefined ? { data } : { data, errors: errors.map(toJson) };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    return { errors: [toJson(error)] };
  }
}

function toJson(error: GraphQLError): unknown {
  const { message, extensions, ...rest } = error.toJSON();
  const short = message.length > MAX_MESSAGE ? `${message.slice(0, MAX_MESSAGE)}…` : message;
  return {
    ...rest,
    message: short,
    extensions: { code: 'BAD_REQUEST', message: short, ...extensions },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
