/** A login handler as a backend would write it. */
import {
  type AuthenticationCode,
  SentianceAuthenticationError,
  type UserLinkClient,
} from 'sentiance-user-link';

export interface LoginAnswer {
  session: string;
  sentiance: AuthenticationCode | null;
  /** Milliseconds after which the app asks for a code again. */
  askAgainAfter?: number;
}

export async function login(
  userId: string,
  sentiance: UserLinkClient,
  alert: (message: string) => void,
): Promise<LoginAnswer> {
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
