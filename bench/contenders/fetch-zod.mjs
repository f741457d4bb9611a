import { answerSchema } from './answer-schema.mjs';
import { headers, PATH } from './request.mjs';

export function create(baseUrl) {
  return async (externalId) => {
    const response = await fetch(baseUrl + PATH, {
      method: 'POST',
      headers,
      body: JSON.stringify({ external_id: externalId }),
      signal: AbortSignal.timeout(2_500),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    return answerSchema.parse(await response.json()).authentication_code;
  };
}
