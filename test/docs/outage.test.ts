/** The circuit breaker of the page on failures spares logins and the platform a long outage, and ends with it. */
import { beforeEach, expect, test, vi } from 'vitest';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { run } from '../support/code-blocks.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  type Reply,
  status,
} from '../support/in-memory-fetch.js';
import { ISSUED_CODE } from '../support/loopback-server.js';
import { codeBlockOf } from '../support/pages.js';

beforeEach(() => {
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', 'test-user-link-key');
  vi.stubEnv('SENTIANCE_REGION', undefined);
  withoutBackoff();
  holdTheClock();
});

/** The recipe's function, and the requests of its client, each of which meets what `platform` says. */
async function recipe() {
  const platform: { reply: Reply } = { reply: status(503) };
  const { fetch, sent } = inMemoryFetch((init) => platform.reply(init));
  vi.stubGlobal('fetch', fetch);
  const logged = vi.spyOn(console, 'error').mockReturnValue();
  const { codeFor } = await run(codeBlockOf('docs/failures.md', 'A long outage'));
  const logins = async (count: number) => {
    const codes = Array.from({ length: count }, (_, index) => codeFor?.(`user-${index}`));
    await vi.advanceTimersByTimeAsync(100);
    return Promise.all(codes);
  };
  return { platform, sent, logged, logins };
}

const NO_CODE = null;
const A_CODE = expect.objectContaining({ authenticationCode: ISSUED_CODE });

test('In an outage the platform is asked no more, but for one call every two seconds', async () => {
  const { sent, logged, logins } = await recipe();

  expect(await logins(20)).toEqual(Array(20).fill(NO_CODE));
  expect(sent).toHaveLength(20 * 3);
  expect(logged).toHaveBeenCalledTimes(20);
  expect(logged).toHaveBeenCalledWith('No Sentiance code', expect.stringContaining('server_error'));

  expect(await logins(100)).toEqual(Array(100).fill(NO_CODE));
  expect(sent).toHaveLength(20 * 3);

  await vi.advanceTimersByTimeAsync(2_000);
  expect(await logins(100)).toEqual(Array(100).fill(NO_CODE));
  expect(sent).toHaveLength(21 * 3);
});

test('After an outage the first code lets the other calls through', async () => {
  const { platform, logins } = await recipe();
  await logins(20);
  platform.reply = issueCodeInMemory;

  expect(await logins(1)).toEqual([NO_CODE]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(await logins(1)).toEqual([A_CODE]);

  expect(await logins(100)).toEqual(Array(100).fill(A_CODE));
});

test('Errors that are no outage open nothing', async () => {
  const { platform, sent, logins } = await recipe();
  platform.reply = status(401);

  await logins(100);

  expect(sent).toHaveLength(100);
});
