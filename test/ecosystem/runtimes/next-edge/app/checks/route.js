/** Runs the checks in a route of the edge runtime. */
import { run } from '../../bundled.mjs';

export const runtime = 'edge';

export async function POST() {
  await run();
  return new Response();
}
