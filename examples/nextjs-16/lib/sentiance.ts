import { pino } from 'pino';
import { type AuthenticationCode, SentianceUserLinkClient } from 'sentiance-user-link';

const logger = pino();

// sentiance-user-link: the client is made when it is first needed, so that `next build` does not
// need the key; instrumentation.ts makes it at boot, where a missing key is an error. Whoever logs
// in is let in with or without a code, within 1.5 seconds, and the app can ask again later.
let client: SentianceUserLinkClient | undefined;

export function sentiance(): SentianceUserLinkClient {
  const baseUrl = process.env.SENTIANCE_BASE_URL;
  client ??= new SentianceUserLinkClient({ baseUrl, timeout: 1_500 });
  return client;
}

export async function sentianceCode(
  userId: string,
  { signal }: Request,
): Promise<AuthenticationCode | null> {
  const result = await sentiance().tryCreateAuthenticationCode(userId, { signal });
  if (result.ok) return result.value;
  const level = result.error.action === 'alert' ? 'error' : 'warn';
  logger[level]({ err: result.error }, 'No Sentiance code');
  return null;
}
