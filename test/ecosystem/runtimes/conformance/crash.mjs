/** An error that nobody catches: the matrix searches what the dying process prints. */
import { clientOf, EXTERNAL_ID, setting } from './harness.mjs';

await clientOf(setting.call.url).createAuthenticationCode(EXTERNAL_ID);
