import { Resend } from 'resend';
import { API_KEY, PATH } from './request.mjs';

export function create(baseUrl, { timeout } = {}) {
  const api = new Resend(API_KEY, { baseUrl });
  return async (externalId) => {
    const options = timeout === undefined ? {} : { signal: AbortSignal.timeout(timeout) };
    const { data, error } = await api.post(PATH, { external_id: externalId }, options);
    if (error) throw new Error(error.name);
    return data.authentication_code;
  };
}

export const underTrouble = { timeout: 2_500 };
