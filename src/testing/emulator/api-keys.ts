/** Which API keys the emulator takes, and how it refuses the others, in both ways of asking. */
import type { GraphqlErrorCode } from './graphql-api.js';

export interface ApiKeys {
  apiKey: string;
  keysWithoutScope: readonly string[];
  expiredKeys: readonly string[];
}

export interface Refusal {
  status: number;
  message: string;
  errorCode: string;
  graphqlCode: GraphqlErrorCode;
  /** What whoever runs the emulator is told, and the one who asked is not. */
  why: string;
}

const NO_SCOPE: Refusal = {
  status: 403,
  message: 'The API key lacks the user-link scope',
  errorCode: 'FORBIDDEN',
  graphqlCode: 'AUTHORIZATION_FAILURE',
  why: 'the key lacks the user-link scope',
};
const BAD_KEY: Omit<Refusal, 'why'> = {
  status: 401,
  message: 'The API key is missing, wrong or expired',
  errorCode: 'UNAUTHORIZED',
  graphqlCode: 'AUTHENTICATION_FAILURE',
};

/** Why a request's key is refused; `undefined` when it is good. */
export function refusalOf(request: Request, keys: ApiKeys): Refusal | undefined {
  const header = request.headers.get('Authorization');
  if (header === null) return { ...BAD_KEY, why: 'no key was sent' };
  const key = /^Bearer (.+)$/i.exec(header)?.[1];
  if (key === undefined) return { ...BAD_KEY, why: 'the Authorization header is not a Bearer key' };
  if (keys.keysWithoutScope.includes(key)) return NO_SCOPE;
  if (keys.expiredKeys.includes(key)) return { ...BAD_KEY, why: 'the key has expired' };
  return key === keys.apiKey ? undefined : { ...BAD_KEY, why: "the key is not the emulator's" };
}
