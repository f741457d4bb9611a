/** Deadlines, hedges and the caller's signal. */
import assert from 'node:assert/strict';
import { SentianceServerError } from 'sentiance-user-link';
import {
  assertFields,
  check,
  clientOf,
  failureAfter,
  failureOf,
  KEY,
  pause,
  platformCall,
} from './harness.mjs';

const TIMEOUT = { class: 'SentianceTimeoutError', code: 'timeout', action: 'retry_later' };
const ABORTED = { class: 'SentianceAbortError', code: 'aborted', action: 'none' };

export async function deadlines() {
  for (const [behaviour, timeout] of [
    ['hang', 400],
    ['hang-in-body', 400],
    ['byte-a-second-head', 1_300],
    ['byte-a-second-body', 1_300],
  ]) {
    await check('deadlines', `timeout holds within 50 ms: ${behaviour}`, async () => {
      const call = platformCall(behaviour);
      const client = clientOf(call.url, { timeout, hedgeAfter: timeout });
      const error = await failureAfter(timeout, client);
      assertFields(error, {
        ...TIMEOUT,
        attempts: 1,
        message: /\(timeout, the limit of the whole/,
      });
      await assertClosed(call, 1);
    });
  }

  await check(
    'deadlines',
    'timeout covers the retries, and names what was met before',
    async () => {
      const options = { timeout: 600, hedgeAfter: 600, maxRetries: 1 };
      const error = await failureAfter(600, clientOf(platformCall('503', 'hang').url, options));
      assertFields(error, { ...TIMEOUT, attempts: 2 });
      assert.ok(error.lastError instanceof SentianceServerError);
    },
  );

  await check('deadlines', 'timeout covers the hedges', async () => {
    const call = platformCall('hang', 'hang-in-body');
    const error = await failureAfter(500, clientOf(call.url, { timeout: 500, hedgeAfter: 100 }));
    assertFields(error, { ...TIMEOUT, attempts: 3 });
    await assertClosed(call, 3);
  });

  await check('deadlines', 'timeout covers the key function', async () => {
    const call = platformCall('ok');
    const client = clientOf(call.url, { apiKey: () => new Promise(() => {}), timeout: 200 });
    const error = await failureAfter(200, client);
    assertFields(error, {
      ...TIMEOUT,
      attempts: 0,
      message: /^The apiKey function did not respond/,
    });
    assert.deepEqual(await call.seen(), []);
  });
}

export async function hedges() {
  for (const behaviour of ['hang', 'hang-in-body']) {
    await check('hedges', `another attempt is sent beside a slow one: ${behaviour}`, async () => {
      const call = platformCall(behaviour, 'ok');
      const events = [];
      const onAttempt = ({ duration, platformUrl, ...event }) => events.push(event);
      const client = clientOf(call.url, { hedgeAfter: 200, onAttempt });
      await client.createAuthenticationCode('user-1');

      const [slow, hedge, ...others] = await call.closed();
      assert.equal(others.length, 0);
      const after = hedge.receivedAt - slow.receivedAt;
      assert.ok(after >= 150, `the hedge was sent after ${after} ms`);
      assert.equal(slow.isClosed, true, 'the connection of the slow attempt is still open');
      const status = behaviour === 'hang' ? {} : { status: 200 };
      assert.deepEqual(events, [
        { attempt: 2, status: 200 },
        { attempt: 1, ...status, overtaken: true },
      ]);
    });
  }

  await check('hedges', 'a slow response still counts, beside a hedge that is silent', async () => {
    const call = platformCall('late-500', 'hang');
    const client = clientOf(call.url, { hedgeAfter: 100, maxRetries: 1 });
    assert.equal((await client.tryCreateAuthenticationCode('user-1')).ok, true);
    const closed = await call.closed();
    assert.deepEqual(
      closed.map(({ isClosed }) => isClosed),
      [false, true],
    );
  });

  await check('hedges', 'an error whose body never ends is decided by its head', async () => {
    const call = platformCall('401-without-end');
    const error = await failureAfter(200, clientOf(call.url, { hedgeAfter: 200 }));
    assertFields(error, { code: 'unauthorized', status: 401, attempts: 1 });
    await assertClosed(call, 1);
  });
}

export async function abort() {
  await check('abort', 'before the call: nothing is sent', async () => {
    const call = platformCall('ok');
    const error = await failureOf(clientOf(call.url), { signal: AbortSignal.abort(KEY) });
    assertFields(error, { ...ABORTED, attempts: 0 });
    assert.deepEqual(await call.seen(), []);
  });

  for (const behaviour of ['hang', 'hang-in-body']) {
    await check(
      'abort',
      `during a request and its hedge: ends at once, closes both: ${behaviour}`,
      async () => {
        const call = platformCall(behaviour);
        const { signal, left } = watchedSignal(300, KEY);
        const hedgeOnce = { hedgeAfter: 100, maxRetries: 1 };
        const error = await failureAfter(300, clientOf(call.url, hedgeOnce), { signal });
        assertFields(error, { ...ABORTED, attempts: 2 });
        await assertClosed(call, 2);
        assert.equal(left(), 0, 'a listener is left');
      },
    );
  }

  await check('abort', 'in a wait: ends at once, nothing more is sent', async () => {
    const call = platformCall('503-after-2', 'ok');
    const { signal, left } = watchedSignal(300, KEY);
    const error = await failureAfter(300, clientOf(call.url), { signal });
    assertFields(error, { ...ABORTED, attempts: 1 });
    await pause(2_000);
    assert.equal((await call.seen()).length, 1);
    assert.equal(left(), 0, 'a listener is left');
  });

  await check('abort', 'while the key function is asked', async () => {
    const client = clientOf(platformCall('ok').url, { apiKey: () => new Promise(() => {}) });
    const { signal } = watchedSignal(200);
    const error = await failureAfter(200, client, { signal });
    assertFields(error, { ...ABORTED, attempts: 0 });
  });

  await check('abort', "the caller's AbortSignal.timeout is an abort, not a timeout", async () => {
    const client = clientOf(platformCall('hang').url);
    const error = await failureOf(client, { signal: AbortSignal.timeout(100) });
    assertFields(error, { ...ABORTED, attempts: 1 });
  });

  await check('abort', 'after the call: no listener is left, no harm is done', async () => {
    const { signal, left } = watchedSignal(100);
    const result = await clientOf(platformCall('ok').url).tryCreateAuthenticationCode('user-1', {
      signal,
    });
    assert.equal(result.ok, true);
    assert.equal(left(), 0, 'a listener is left');
    await pause(120);
  });
}

/** So many requests were sent, and the connection of each is closed. */
async function assertClosed(call, count) {
  const seen = await call.closed();
  assert.deepEqual(
    seen.map(({ isClosed }) => isClosed),
    Array(count).fill(true),
    'a connection is still open, or there were more of them',
  );
}

/** A signal that aborts after so many milliseconds, and how many listeners are left on it. */
function watchedSignal(milliseconds, reason) {
  const controller = new AbortController();
  const { signal } = controller;
  const { addEventListener, removeEventListener } = signal;
  let left = 0;
  signal.addEventListener = (...parameters) => {
    left += 1;
    addEventListener.apply(signal, parameters);
  };
  signal.removeEventListener = (...parameters) => {
    left -= 1;
    removeEventListener.apply(signal, parameters);
  };
  setTimeout(() => controller.abort(reason), milliseconds);
  return { signal, left: () => left };
}
