/** An error that nobody catches: the matrix searches what the dying process prints. */
import { clientOf, EXTERNAL_ID, setting } from './harness.mjs';

export async function run() {
  await clientOf(setting.call.url).createAuthenticationCode(EXTERNAL_ID);
}
