/** Which API keys the emulator takes, and how it refuses the others, in both ways of asking. */
import type { GraphqlErrorCode } from './graphql-api.js';

export interface ApiKeys {
  apiKey: string;
  keysWithoutScope?: readonly string[] | undefined;
  expiredKeys?: readonly string[] | undefined;
}

export interface Refusal {
  status: number;
  message: string;
  errorCode: string;
  graphqlCode: GraphqlErrorCode;
}

const NO_SCOPE: Refusal = {
  status: 403,
  message: 'The API key lacks the user-link scope',
  errorCode: 'FORBIDDEN',
  graphqlCode: 'AUTHORIZATION_FAILURE',
};
const BAD_KEY: Refusal = {
  status: 401,
  message: 'The API key is missing, wrong or expired',
  errorCode: 'UNAUTHORIZED',
  graphqlCode: 'AUTHENTICATION_FAILURE',
};

/** Why a request's key is refused; `undefined` when it is good. */
export function refusalOf(request: Request, keys: ApiKeys): Refusal | undefined {
  const key = /^Bearer (.+)$/i.exec(request.headers.get('Authorization') ?? '')?.[1];
  if (key !== undefined && keys.keysWithoutScope?.includes(key)) return NO_SCOPE;
  const isGood = key === keys.apiKey && !keys.expiredKeys?.includes(key);
  return isGood ? undefined : BAD_KEY;
}
