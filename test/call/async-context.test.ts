import { AsyncLocalStorage } from 'node:async_hooks';
import { expect, test } from 'vitest';
import { clientOf, UNUSED_URL } from '../support/calls.js';
import {
  inMemoryFetch,
  issueCodeInMemory,
  neverRespond,
  status,
} from '../support/in-memory-fetch.js';

const callers = new AsyncLocalStorage<string>();

/** A client that notes on whose behalf it calls what is the customer's. */
function listeningClient(...replies: Parameters<typeof inMemoryFetch>) {
  const heard: (string | undefined)[] = [];
  const hear = () => heard.push(callers.getStore());
  const { fetch } = inMemoryFetch(...replies);
  const client = clientOf(UNUSED_URL, {
    hedgeAfter: 20,
    apiKey: async () => {
      hear();
      return 'test-user-link-key';
    },
    fetch: (url, init) => {
      hear();
      return fetch(url, init);
    },
    onAttempt: hear,
  });
  return { client, heard };
}

test("the key function, fetch and onAttempt run in the caller's async context: a retry and a hedge", async () => {
  const { client, heard } = listeningClient(status(503), neverRespond, issueCodeInMemory);

  await callers.run('alice', () => client.createAuthenticationCode('user-1'));

  // The key, three requests and three events.
  expect(heard).toEqual(Array(7).fill('alice'));
});

test('two calls at once keep to their own, also when another one ends them', async () => {
  const { client, heard } = listeningClient(neverRespond);
  const { signal, abort } = abortable();
  const options = { signal, maxRetries: 1 };

  const calls = ['alice', 'bob'].map((caller) =>
    callers.run(caller, () => client.tryCreateAuthenticationCode('user-1', options)),
  );
  await expect.poll(() => heard.length).toBe(6);
  callers.run('mallory', abort);
  const results = await Promise.all(calls);

  expect(results.map((result) => result.ok || result.error.code)).toEqual(['aborted', 'aborted']);
  expect(heard.toSorted()).toEqual([...Array(5).fill('alice'), ...Array(5).fill('bob')]);
});

function abortable() {
  const controller = new AbortController();
  return { signal: controller.signal, abort: () => controller.abort() };
}
