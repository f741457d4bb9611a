/** The numbers that docs state are those of the source. */
import { expect, test, vi } from 'vitest';
import { SentianceUserLinkClient, type SentianceUserLinkClientOptions } from '../../src/index.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { respondAlways, respondInTurn, statusResponse } from '../support/in-memory-fetch.js';
import { numbersStated, stated } from '../support/markdown.js';
import { sectionOf } from '../support/pages.js';

const apiKey = 'test-user-link-key';
const retries = sectionOf('docs/failures.md', 'Retries');
const budget = sectionOf('docs/failures.md', 'The budget');
const security = sectionOf('SECURITY.md', 'What is promised, and the tests that hold it');
const ERROR_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index);

function ask(options: SentianceUserLinkClientOptions) {
  const client = new SentianceUserLinkClient({ apiKey, region: 'eu', ...options });
  return client.tryCreateAuthenticationCode('user-1001');
}

test('the statuses after which an attempt is retried', async () => {
  withoutBackoff();
  const retried: number[] = [];
  for (const status of ERROR_STATUSES) {
    const fetch = respondAlways(status);
    await ask({ fetch, maxRetries: 1 });
    if (fetch.mock.calls.length === 2) retried.push(status);
  }

  expect(numbersStated(retries, /Retries follow ([\d, ]+)/)).toEqual(retried);
});

test('the longest waits before retries', async () => {
  const longest = numbersStated(retries, /time of up to ([\d, ]+then \d+) ms/);
  holdTheClock();
  vi.spyOn(Math, 'random').mockReturnValue(1);
  const sent: number[] = [];
  const fetch = async () => {
    sent.push(Date.now());
    return statusResponse(503);
  };

  const result = ask({ fetch, maxRetries: longest.length + 1, timeout: 60_000 });
  await vi.runAllTimersAsync();
  await result;

  const waits = sent.slice(1).map((time, index) => time - (sent[index] ?? 0));
  expect(waits).toEqual([...longest, longest.at(-1)]);
});

test('the bytes of a response that are read', async () => {
  const [mebibytes = 0] = numbersStated(security, /: (\d+) MiB is read/);
  const response = (size: number) =>
    respondInTurn(new Response('{"authentication_code":"c"}'.padEnd(size)));
  const largest = mebibytes * 2 ** 20;

  expect(await ask({ fetch: response(largest) })).toMatchObject({ ok: true });
  expect(await ask({ fetch: response(largest + 1) })).toMatchObject({ ok: false });
});

test("the words of the platform's message that are shown", async () => {
  const [words = 0] = numbersStated(security, /at most (\d+) of them/);
  const message = 'word '.repeat(words + 1);

  const result = await ask({ fetch: respondInTurn(Response.json({ message }, { status: 400 })) });

  const shown = ` "${'word '.repeat(words)}…".`;
  expect(result).toHaveProperty('error.message', expect.stringContaining(shown));
});

test('the tokens of the retry budget', async () => {
  const [store = 0] = numbersStated(budget, /starts with (\d+) tokens/);
  const aCall = Number(stated(budget, /gains ([\d.]+) per call/));
  const [aSecond = 0] = numbersStated(budget, /per call and (\d+) per second/);
  withoutBackoff();
  let now = 0;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
  const fetch = respondAlways(503);
  const client = new SentianceUserLinkClient({
    apiKey,
    region: 'eu',
    fetch,
    maxRetries: 10,
  });
  let calls = 0;
  const retriesOf = async (count: number) => {
    const before = fetch.mock.calls.length;
    for (let n = 0; n < count; n += 1) await client.tryCreateAuthenticationCode('user-1001');
    calls += count;
    return fetch.mock.calls.length - before - count;
  };

  // The first call's share finds the store full.
  const spent = await retriesOf(54);
  expect(spent).toBe(Math.floor(store + 53 * aCall));
  now += 1_000;
  const flowedIn = await retriesOf(4);
  expect(spent + flowedIn).toBe(Math.floor(store + (calls - 1) * aCall + aSecond));
});
