/** The client in the main thread and in worker threads of one process. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { SentianceError } from 'sentiance-user-link';
import { assertSafe, check, clientOf, finish, ISSUED_CODE, platformCall } from './harness.mjs';

/** A worker that makes one call and posts what it came to. */
function callInWorker(call) {
  const argv = ['thread', JSON.stringify({ call })];
  return new Worker(new URL('main.mjs', import.meta.url), { argv });
}

await check('threads', 'both get codes at once', async () => {
  const call = platformCall('ok');
  const worker = callInWorker({ url: call.url });
  const codes = await Promise.all([
    clientOf(call.url).createAuthenticationCode('user-1'),
    once(worker, 'message').then(([result]) => result.value),
  ]);

  assert.deepEqual(
    codes.map(({ authenticationCode }) => authenticationCode),
    [ISSUED_CODE, ISSUED_CODE],
  );
});

await check('threads', 'an error that is posted to the main thread shows no secret', async () => {
  const worker = callInWorker({ url: platformCall('401').url });
  const [{ error }] = await once(worker, 'message');

  assert.ok(error instanceof Error);
  // A clone keeps neither the class nor the fields: toJSON() is for that.
  assert.ok(!(error instanceof SentianceError));
  assert.match(error.message, /refused the API key \(401\)/);
  assertSafe(error);
});

await check(
  'threads',
  'a worker that is ended in a call closes its connection, and only it',
  async () => {
    const silent = platformCall('hang');
    const worker = callInWorker({ url: silent.url, hedgeAfter: 5_000 });
    const slow = platformCall('late-500');
    const code = clientOf(slow.url).createAuthenticationCode('user-1');
    while ((await silent.seen()).length === 0);
    await worker.terminate();

    assert.equal((await code).authenticationCode, ISSUED_CODE);
    assert.deepEqual(
      (await silent.closed()).map(({ isClosed }) => isClosed),
      [true],
    );
  },
);
finish();
