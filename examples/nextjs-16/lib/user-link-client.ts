import { SentianceUserLinkClient, type UserLinkClient } from 'sentiance-user-link';

let client: UserLinkClient | undefined;

/**
 * The client, made when first needed, so that `next build` needs no key; `instrumentation.ts` makes
 * it at boot, where a missing key is an error. It reads SENTIANCE_USER_LINK_API_KEY, and
 * SENTIANCE_REGION or SENTIANCE_BASE_URL. A login waits for a code for 1.5 seconds at most.
 */
export function userLinkClient(): UserLinkClient {
  client ??= new SentianceUserLinkClient({ timeout: 1_500 });
  return client;
}
