import ky from 'ky';
import { answerSchema } from './answer-schema.mjs';
import { headers, PATH } from './request.mjs';

export function create(baseUrl, options) {
  const api = ky.create({ headers, ...options });
  return async (externalId) => {
    const answer = await api.post(baseUrl + PATH, { json: { external_id: externalId } }).json();
    return answerSchema.parse(answer).authentication_code;
  };
}

export const underTrouble = {
  timeout: 2_500,
  totalTimeout: 5_000,
  retry: { limit: 2, methods: ['post'], retryOnTimeout: true },
};
