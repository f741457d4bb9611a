/** What the library promises, checked in whichever runtime runs this. No dependency but the library. */
import { connection } from './connection.mjs';
import { copies } from './copies.mjs';
import { flags } from './flags.mjs';
import { finish } from './harness.mjs';
import { misuse } from './misuse.mjs';
import { request } from './request.mjs';
import { responses } from './responses.mjs';
import { retries } from './retries.mjs';
import { testing } from './testing.mjs';
import { abort, deadlines, hedges } from './time.mjs';

for (const group of [
  flags,
  request,
  responses,
  connection,
  deadlines,
  hedges,
  abort,
  retries,
  misuse,
  copies,
  testing,
]) {
  await group();
}
finish();
