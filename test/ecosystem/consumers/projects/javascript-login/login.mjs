/** A login handler as a backend would write it. */
import { SentianceAuthenticationError } from 'sentiance-user-link';

export async function login(userId, sentiance, alert) {
  const session = `session of ${userId}`;
  const result = await sentiance.tryCreateAuthenticationCode(userId);
  if (result.ok) return { session, sentiance: result.value };

  const { error } = result;
  if (error instanceof SentianceAuthenticationError) alert(`Renew the API key (${error.status})`);
  else if (error.action === 'alert') alert(error.message);

  if (error.code === 'rate_limited') {
    return { session, sentiance: null, askAgainAfter: error.retryAfter ?? 60_000 };
  }
  if (error.action === 'retry_later') return { session, sentiance: null, askAgainAfter: 60_000 };
  return { session, sentiance: null };
}
