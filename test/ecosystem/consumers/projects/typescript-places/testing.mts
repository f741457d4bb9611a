/** The testing tools. Never run; `.cts` is a copy. */
import { FakeUserLinkClient, SentianceEmulator, sentianceError } from 'sentiance-user-link/testing';

const failure = sentianceError('rate_limited', { retryAfter: 1_000 });
export const fake = new FakeUserLinkClient().failNext(failure);

export async function start(): Promise<string> {
  const emulator = new SentianceEmulator();
  emulator.failNext({ type: 'status', status: 503 });
  return emulator.listen({ port: 0 });
}
