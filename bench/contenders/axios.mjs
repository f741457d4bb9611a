import axios from 'axios';
import axiosRetry, { exponentialDelay, isRetryableError } from 'axios-retry';
import { answerSchema } from './answer-schema.mjs';
import { headers, PATH } from './request.mjs';

export function create(baseURL, { timeout, ...retry } = {}) {
  const api = axios.create({ baseURL, headers, timeout });
  axiosRetry(api, retry);
  return async (externalId) => {
    const { data } = await api.post(PATH, { external_id: externalId });
    return answerSchema.parse(data).authentication_code;
  };
}

export const underTrouble = {
  timeout: 2_500,
  retries: 2,
  retryDelay: exponentialDelay,
  // By itself it repeats no POST, and nothing that timed out.
  retryCondition: (error) => isRetryableError(error) || error.code === 'ECONNABORTED',
  shouldResetTimeout: true,
};
