import { SentianceUserLinkClient } from 'sentiance-user-link';
import { API_KEY } from './request.mjs';

export function create(baseUrl, options) {
  const client = new SentianceUserLinkClient({ apiKey: API_KEY, baseUrl, ...options });
  return async (externalId) => {
    const { authenticationCode } = await client.createAuthenticationCode(externalId);
    return authenticationCode;
  };
}

/** The defaults: 5 s in all, a hedge after a second, two retries. */
export const underTrouble = {};

/** A second request beside a held one would be counted as memory of the first. */
export const held = { timeout: 60_000, hedgeAfter: 60_000 };
