/** What holds in every runtime. */
import { connection } from './connection.mjs';
import { misuse } from './misuse.mjs';
import { request } from './request.mjs';
import { responses } from './responses.mjs';
import { retries } from './retries.mjs';
import { abort, deadlines, hedges } from './time.mjs';

export async function core() {
  await request();
  await responses();
  await connection();
  await deadlines();
  await hedges();
  await abort();
  await retries();
  await misuse();
}
