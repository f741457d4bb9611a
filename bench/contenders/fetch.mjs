import { headers, PATH } from './request.mjs';

export function create(baseUrl) {
  return async (externalId) => {
    const response = await fetch(baseUrl + PATH, {
      method: 'POST',
      headers,
      body: JSON.stringify({ external_id: externalId }),
    });
    const answer = await response.json();
    return answer.authentication_code;
  };
}
