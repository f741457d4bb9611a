/** What the library promises, checked in whichever runtime runs this. No dependency but the library. */
import { copies } from './copies.mjs';
import { core } from './core.mjs';
import { flags } from './flags.mjs';
import { finish } from './harness.mjs';
import { testing } from './testing.mjs';

export async function run() {
  await flags();
  await core();
  await copies();
  await testing();
  finish();
}
