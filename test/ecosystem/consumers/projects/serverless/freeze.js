/**
 * The built function in a sandbox that is frozen, as AWS Lambda does it between events, and at a
 * function's own timeout in the middle of one. Seven seconds are as good as minutes: they are longer
 * than the client's timeout (5) and than fetch keeps a connection (4), and no clock stands still.
 */
import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const FROZEN = 7_000;
const SOON = 1_000;

const [built] = process.argv.slice(2);
// There are no such signals on Windows, nor is there a Lambda.
if (process.platform === 'win32') process.exit(0);

/** What the platform does with the requests of each user. */
const USERS = {
  silent: () => {},
  // It responds while the function is frozen.
  slow: (response) => void sleep(2_000).then(() => succeed(response)),
  // The wait would end while the function is frozen.
  told_to_wait: (response) => response.writeHead(503, { 'retry-after': 2 }).end(),
  down: (response) => response.writeHead(503).end(),
  flaky: (response, n) => (n === 1 ? response.writeHead(503).end() : succeed(response)),
  fine: (response) => succeed(response),
};
const requests = new Map();
const connections = new Set();

const platform = createServer(async (message, response) => {
  const body = Buffer.concat(await message.toArray());
  const { external_id: user } = JSON.parse(body.toString());
  requests.set(user, (requests.get(user) ?? 0) + 1);
  USERS[user](response, requests.get(user));
});
// Longer than the freeze: that a connection is gone is this test's doing.
platform.keepAliveTimeout = 60_000;
platform.on('connection', (socket) => {
  connections.add(socket);
  socket.on('close', () => connections.delete(socket));
});
platform.listen(0, '127.0.0.1');
await once(platform, 'listening');

const sandbox = fork('serve.js', [resolve(built)], {
  env: {
    SENTIANCE_BASE_URL: `http://127.0.0.1:${platform.address().port}`,
    SENTIANCE_USER_LINK_API_KEY: 'test-user-link-key',
  },
});
await once(sandbox, 'message');

const waiting = [];
sandbox.on('message', ({ event, body }) => {
  waiting[event.number]({ ...JSON.parse(body), at: performance.now() });
});

/** Resolves to the body of the response, and when it came. */
function invoke(userId) {
  sandbox.send({ userId, number: waiting.length });
  return new Promise((resolve) => waiting.push(resolve));
}

const both = await Promise.all([invoke('fine'), invoke('flaky')]);
assert.deepEqual(
  both.map(({ authenticationCode }) => authenticationCode),
  ['issued-code', 'issued-code'],
);
await spendBudget();

const underWay = ['silent', 'slow', 'told_to_wait'].map((user) => invoke(user));
while (!['silent', 'slow', 'told_to_wait'].every((user) => requests.has(user))) await sleep(10);
sandbox.kill('SIGSTOP');
const idle = connections.size - 2;
assert.ok(idle > 0, 'no connection is kept');
platform.closeIdleConnections();
await sleep(FROZEN);
requests.delete('flaky');
const thawedAt = performance.now();
sandbox.kill('SIGCONT');

// The first event after the thaw: its connections are gone, and the budget has filled up.
const next = await Promise.all([invoke('fine'), invoke('flaky')]);
for (const { authenticationCode, at } of next) {
  assert.equal(authenticationCode, 'issued-code');
  assert.ok(at - thawedAt < SOON, `a code came ${at - thawedAt} ms after the thaw`);
}
assert.equal(requests.get('flaky'), 2, 'there was no retry');

const [silent, slow, toldToWait] = await Promise.all(underWay);
assert.equal(silent.error.code, 'timeout');
assert.equal(toldToWait.error.code, 'timeout');
assert.equal(toldToWait.error.lastError.code, 'server_error');
// The deadline and the response are both there at the thaw.
assert.ok(slow.authenticationCode === 'issued-code' || slow.error.code === 'timeout');
for (const { at } of [silent, slow, toldToWait]) {
  assert.ok(at - thawedAt < SOON, `a call ended ${at - thawedAt} ms after the thaw`);
}

// Without events, nothing keeps the process; a rejection that nobody handled would have ended it.
const ended = once(sandbox, 'exit');
sandbox.disconnect();
assert.deepEqual(await Promise.race([ended, sleep(SOON, 'it goes on')]), [0, null]);
platform.close();

/** Until a failure is not retried. */
async function spendBudget() {
  for (let calls = 0; calls < 300; calls += 1) {
    const before = requests.get('down') ?? 0;
    await Promise.all(Array.from({ length: 20 }, () => invoke('down')));
    if (requests.get('down') - before < 40) return;
  }
  assert.fail('the budget does not end');
}

function succeed(response) {
  response.end(JSON.stringify({ authentication_code: 'issued-code' }));
}
