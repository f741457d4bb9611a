/** A name with two addresses of which one is dead: Node tries the other within the same attempt. */
import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { Worker } from 'node:worker_threads';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { portOf } from './listen.js';
import { resolveTo } from './resolve.js';

const SIX = { address: '::1', family: 6 };
const FOUR = { address: '127.0.0.1', family: 4 };
/** How long Node waits for an address before it tries the next one. */
const PATIENCE = 250;

const emulator = new SentianceEmulator();
const port = portOf(await emulator.listen());
const { apiKey } = emulator;

/** A call through a connection of its own, with what its attempts took. */
async function call(...addresses) {
  resolveTo(addresses);
  const durations = [];
  const client = new SentianceUserLinkClient({
    apiKey,
    // A name that no other call has a connection to.
    dangerouslyAllowHttp: true,
    baseUrl: `http://call-${emulator.requests.length}.localhost:${port}`,
    onAttempt: ({ duration }) => durations.push(duration),
  });
  return { ...(await client.tryCreateAuthenticationCode('user-1')), durations };
}

/** Listens, and takes nobody in: once its queue is full, nobody hears from it. */
async function startBlackHole() {
  const worker = new Worker(
    `require('node:net').createServer().listen({ host: '::1', port: ${port}, backlog: 1 }, () => {
      require('node:worker_threads').parentPort.postMessage('full soon');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
    });`,
    { eval: true },
  );
  await new Promise((resolve) => worker.once('message', resolve));
  const visitors = Array.from({ length: 8 }, () => connect(port, '::1').on('error', () => {}));
  await new Promise((resolve) => visitors[0].once('connect', resolve));
  return async () => {
    for (const visitor of visitors) visitor.destroy();
    await worker.terminate();
  };
}

// Nobody listens on one of them, whichever comes first.
for (const addresses of [
  [SIX, FOUR],
  [FOUR, SIX],
]) {
  const { ok, durations } = await call(...addresses);
  assert.equal(ok, true);
  assert.equal(durations.length, 1);
}

const closeBlackHole = await startBlackHole();
const { ok, durations } = await call(SIX, FOUR);
assert.equal(ok, true);
assert.equal(durations.length, 1);
assert.ok(durations[0] >= PATIENCE, `it waited for the dead one: ${durations[0]} ms`);
await closeBlackHole();

await emulator.close();
const both = await call(SIX, FOUR);
assert.equal(both.ok, false);
assert.equal(both.error.code, 'connection_failed');
assert.equal(both.error.reason, 'ECONNREFUSED');
