/** The AWS SDK's standard retry strategy, the one peer with a budget, around a bare `fetch`. */
import { StandardRetryStrategy } from '@smithy/util-retry';
import { headers, PATH } from './request.mjs';

export function create(baseUrl, { timeout, maxAttempts }) {
  const strategy = new StandardRetryStrategy(maxAttempts);
  const ask = async (externalId) => {
    const response = await fetch(baseUrl + PATH, {
      method: 'POST',
      headers,
      body: JSON.stringify({ external_id: externalId }),
      signal: AbortSignal.timeout(timeout),
    });
    if (!response.ok) throw new Error(`status ${response.status}`);
    const answer = await response.json();
    return answer.authentication_code;
  };
  return async (externalId) => {
    let token = await strategy.acquireInitialRetryToken('login');
    for (;;) {
      try {
        const code = await ask(externalId);
        strategy.recordSuccess(token);
        return code;
      } catch (error) {
        // Waits, or rejects when there is no token for a retry. Every trouble here may pass.
        token = await strategy.refreshRetryTokenForRetry(token, { errorType: 'TRANSIENT', error });
      }
    }
  };
}

export const underTrouble = { timeout: 2_500, maxAttempts: 3 };
