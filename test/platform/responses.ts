/** What the platform responds to a client with test settings, and what comes of it. */
import {
  type AnySentianceError,
  type AuthenticationCode,
  type SentianceApi,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from '../../src/index.js';
import { errorOf } from '../support/calls.js';
import { withoutBackoff } from '../support/clock.js';
import { platformResponds, type Respond } from '../support/msw.js';

export const EU = 'https://api.sentiance.com/users/auth-code';
export const EU_GRAPHQL = 'https://api.sentiance.com/v4/gql';
export const CODE = {
  authentication_code: 'code-1',
  expires_at: '2021-02-03T14:32:03.076Z',
};
export const ISSUED: AuthenticationCode = {
  authenticationCode: 'code-1',
  expiresAt: new Date('2021-02-03T14:32:03.076Z'),
  platformUrl: 'https://api.sentiance.com',
};

export type Body = ConstructorParameters<typeof Response>[0];

export function respondWith(
  status: number,
  body: Body = null,
  headers: Record<string, string> = {},
): Respond {
  return () => new Response(body, { status, headers });
}

export function clientWith(options: SentianceUserLinkClientOptions = {}): SentianceUserLinkClient {
  return new SentianceUserLinkClient({ apiKey: 'test-user-link-key', region: 'eu', ...options });
}

/** The code of a call that the platform responds to so. */
export async function codeFrom(respond: Respond): Promise<AuthenticationCode> {
  platformResponds(EU, respond);
  return clientWith().createAuthenticationCode('user-1');
}

/** The error of a call that the platform responds to so, and how many requests it saw. */
export async function errorFrom(
  respond: Respond,
  api: SentianceApi = 'rest',
): Promise<{ error: AnySentianceError; requests: number }> {
  withoutBackoff();
  const requests = platformResponds(api === 'rest' ? EU : EU_GRAPHQL, respond);
  const error = errorOf(await clientWith({ api }).tryCreateAuthenticationCode('user-1'));
  return { error, requests: requests.length };
}
