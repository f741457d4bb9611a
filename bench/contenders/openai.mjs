import OpenAI from 'openai';
import { API_KEY, PATH } from './request.mjs';

export function create(baseURL, options) {
  const api = new OpenAI({ apiKey: API_KEY, baseURL, ...options });
  return async (externalId) => {
    const answer = await api.post(PATH, { body: { external_id: externalId } });
    return answer.authentication_code;
  };
}

export const underTrouble = { timeout: 2_500, maxRetries: 2 };
