import { ofetch } from 'ofetch';
import { headers, PATH } from './request.mjs';

export function create(baseURL, options) {
  const api = ofetch.create({ baseURL, headers, ...options });
  return async (externalId) => {
    const answer = await api(PATH, { method: 'POST', body: { external_id: externalId } });
    return answer.authentication_code;
  };
}

export const underTrouble = { timeout: 2_500, retry: 2, retryDelay: 200 };
