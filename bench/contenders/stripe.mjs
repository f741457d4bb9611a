import Stripe from 'stripe';
import { API_KEY, PATH } from './request.mjs';

export function create(baseUrl, options) {
  const { hostname, port } = new URL(baseUrl);
  const api = new Stripe(API_KEY, { host: hostname, port, protocol: 'http', ...options });
  return async (externalId) => {
    // Below /v2 it sends JSON.
    const answer = await api.rawRequest('POST', `/v2${PATH}`, { external_id: externalId });
    return answer.authentication_code;
  };
}

export const underTrouble = { timeout: 2_500, maxNetworkRetries: 2 };
