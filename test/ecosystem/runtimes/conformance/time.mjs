/** Deadlines and the caller's signal. */
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
  for (const [behaviour, limit] of [
    ['hang', 400],
    ['hang-in-body', 400],
    ['byte-a-second-head', 1_300],
    ['byte-a-second-body', 1_300],
  ]) {
    await check('deadlines', `totalTimeout holds within 50 ms: ${behaviour}`, async () => {
      const call = platformCall(behaviour);
      const client = clientOf(call.url, { totalTimeout: limit });
      const error = await failureAfter(limit, client);
      assertFields(error, { ...TIMEOUT, attempts: 1, message: /\(totalTimeout, the limit/ });
      const seen = await call.closed();
      assert.deepEqual(
        seen.map(({ isClosed }) => isClosed),
        [true],
        'the connection is still open',
      );
    });
  }

  for (const behaviour of ['hang', 'hang-in-body']) {
    await check(
      'deadlines',
      `an attempt that takes too long is repeated: ${behaviour}`,
      async () => {
        const call = platformCall(behaviour, 'ok');
        await clientOf(call.url, { timeout: 300 }).createAuthenticationCode('user-1');
        assert.equal((await call.seen()).length, 2);
      },
    );
  }

  await check('deadlines', 'the last attempt that takes too long is reported', async () => {
    const client = clientOf(platformCall('503', 'hang').url, { timeout: 300, maxRetries: 1 });
    const error = await failureOf(client);
    assertFields(error, { ...TIMEOUT, attempts: 2, message: /within 300 ms \(timeout, the limit/ });
    assert.ok(error.lastError instanceof SentianceServerError);
  });

  await check('deadlines', 'totalTimeout covers the retries', async () => {
    const client = clientOf(platformCall('hang').url, {
      timeout: 250,
      totalTimeout: 800,
      maxRetries: 10,
    });
    const started = performance.now();
    const error = await failureOf(client);
    assertFields(error, TIMEOUT);
    assert.ok(performance.now() - started < 900);
    assert.ok(error.attempts >= 2, `${error.attempts} attempts`);
  });

  await check('deadlines', 'totalTimeout covers the key function', async () => {
    const call = platformCall('ok');
    const client = clientOf(call.url, { apiKey: () => new Promise(() => {}), totalTimeout: 200 });
    const error = await failureAfter(200, client);
    assertFields(error, {
      ...TIMEOUT,
      attempts: 0,
      message: /^The apiKey function did not answer/,
    });
    assert.deepEqual(await call.seen(), []);
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
    await check('abort', `during the request: ends at once, closes: ${behaviour}`, async () => {
      const call = platformCall(behaviour);
      const { signal, left } = watchedSignal(200, KEY);
      const error = await failureAfter(200, clientOf(call.url), { signal });
      assertFields(error, { ...ABORTED, attempts: 1 });
      const seen = await call.closed();
      assert.deepEqual(
        seen.map(({ isClosed }) => isClosed),
        [true],
        'the connection is still open',
      );
      assert.equal(left(), 0, 'a listener is left');
    });
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
