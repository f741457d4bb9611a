/** One login of the same user; who that is, a real handler reads from the session. */
import { SentianceUserLinkClient } from 'sentiance-user-link';

const sentiance = new SentianceUserLinkClient();

export async function login() {
  const { authenticationCode } = await sentiance.createAuthenticationCode('user-1');
  return authenticationCode;
}
