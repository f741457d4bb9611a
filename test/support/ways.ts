/**
 * The two ways of asking the platform, as the columns of the tests that hold for both: where each
 * asks, and the JSON that it gets.
 */
import type { SentianceApi } from '../../src/index.js';

export interface Way {
  readonly api: SentianceApi;
  readonly path: string;
  /** The body of a request, parsed. */
  readonly request: (externalId: string) => unknown;
  /** The body of a success; the code may be anything, and other fields may stand beside it. */
  readonly success: (code: unknown, others?: Readonly<Record<string, unknown>>) => string;
}

const QUERY =
  'mutation GenerateAuthCode($externalId: String!) { generate_auth_code(external_id: $externalId) { authentication_code } }';

export const REST: Way = {
  api: 'rest',
  path: '/users/auth-code',
  request: (externalId) => ({ external_id: externalId }),
  success: (code, others) => JSON.stringify({ authentication_code: code, ...others }),
};

export const GRAPHQL: Way = {
  api: 'graphql',
  path: '/v4/gql',
  request: (externalId) => ({ query: QUERY, variables: { externalId } }),
  success: (code, others) =>
    JSON.stringify({ data: { generate_auth_code: { authentication_code: code, ...others } } }),
};

export const WAYS = [REST, GRAPHQL] as const;

/** The way that a request to this URL or path goes. */
export function wayOf(url: string): Way {
  return url.endsWith(GRAPHQL.path) ? GRAPHQL : REST;
}

/** What a GraphQL error says of itself; `code` is in its `extensions`. */
export interface GraphqlErrorFields {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly extensions?: Readonly<Record<string, unknown>>;
}

/** The body of a failure that comes in a 200. */
export function graphqlFailure({ code, message, extensions }: GraphqlErrorFields = {}): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, ...extensions } }] });
}
