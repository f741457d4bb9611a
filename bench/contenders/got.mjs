import got from 'got';
import { headers, PATH } from './request.mjs';

export function create(baseUrl, options) {
  const api = got.extend({ headers, ...options });
  return async (externalId) => {
    const answer = await api.post(baseUrl + PATH, { json: { external_id: externalId } }).json();
    return answer.authentication_code;
  };
}

export const underTrouble = {
  timeout: { request: 2_500 },
  retry: { limit: 2, methods: ['POST'] },
};
