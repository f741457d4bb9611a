import { WorkOS } from '@workos-inc/node';
import { API_KEY, PATH } from './request.mjs';

export function create(baseUrl, options) {
  const { hostname: apiHostname, port } = new URL(baseUrl);
  const api = new WorkOS(API_KEY, { apiHostname, port: Number(port), https: false, ...options });
  return async (externalId) => {
    const { data } = await api.post(PATH, { external_id: externalId });
    return data.authentication_code;
  };
}

export const underTrouble = { timeout: 2_500 };
