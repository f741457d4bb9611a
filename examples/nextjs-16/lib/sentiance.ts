import { pino } from 'pino';
import type { AuthenticationCode } from 'sentiance-user-link';
import { userLinkClient } from './user-link-client';

const logger = pino();

/**
 * A code for the user's app, or `null`: nobody is kept out because there is none. The request's
 * signal stops asking when the app hangs up; a response that is sent in full aborts nothing.
 */
export async function sentianceCode(
  userId: string,
  { signal }: Request,
): Promise<AuthenticationCode | null> {
  const result = await userLinkClient().tryCreateAuthenticationCode(userId, { signal });
  if (result.ok) return result.value;
  // The error holds no secret. 'alert' does not pass by itself: page someone.
  const level = result.error.action === 'alert' ? 'error' : 'warn';
  logger[level]({ err: result.error }, 'No Sentiance code');
  return null;
}
