/** Very many calls, some of which meet faults: what stays behind, and what a new key disturbs. */
import { subscribe } from 'node:diagnostics_channel';
import { getEventListeners } from 'node:events';
import { Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { SentianceError, SentianceUserLinkClient } from 'sentiance-user-link';
import { check, figure } from './checks.js';
import { Platform } from './platform.js';
import { slope } from './slope.js';

const CONCURRENCY = 64;
const FAULT_RATE = 0.05;
const [OLD_KEY, NEW_KEY] = ['test-user-link-key-1', 'test-user-link-key-2'];
const calls = Number(process.argv[2]);
const seed = Number(process.argv[3]);

const warnings: string[] = [];
process.on('warning', ({ name }) => warnings.push(name));
const rejections: unknown[] = [];
process.on('unhandledRejection', (reason) => rejections.push(reason));

const platform = await Platform.start(seed);
await platform.tell({ keys: [OLD_KEY], faultRate: FAULT_RATE });

let key = OLD_KEY;
let [furtherAttempts, hedged] = [0, 0];
const { signal } = new AbortController();
const client = new SentianceUserLinkClient({
  baseUrl: platform.url,
  apiKey: async () => key,
  timeout: 2_000,
  hedgeAfter: 500,
  onAttempt: ({ attempt, overtaken }) => {
    if (attempt > 1) furtherAttempts += 1;
    if (overtaken) hedged += 1;
  },
});

const outcomes: Record<string, number> = {};
let ended = 0;
const memory: { calls: number; heap: number; rss: number }[] = [];

const sockets = new Set<Socket>();
let mostSockets = 0;
subscribe('net.client.socket', (message) => {
  if (!isSocketMessage(message)) return;
  const { socket } = message;
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  mostSockets = Math.max(mostSockets, openSockets());
});

function isSocketMessage(message: unknown): message is { socket: Socket } {
  return message instanceof Object && 'socket' in message && message.socket instanceof Socket;
}

function openSockets(): number {
  return [...sockets].filter(({ destroyed }) => !destroyed).length;
}

function sampleMemory(): void {
  global.gc?.();
  const { heapUsed: heap, rss } = process.memoryUsage();
  memory.push({ calls: ended, heap, rss });
}

let begun = 0;
async function work(until: number): Promise<void> {
  while (begun < until) {
    begun += 1;
    const result = await client.tryCreateAuthenticationCode(`user-${begun}`, { signal });
    if (!result.ok && !(result.error instanceof SentianceError)) throw result.error;
    const outcome = result.ok ? 'ok' : result.error.code;
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    ended += 1;
    if (ended % 2_000 === 0) sampleMemory();
    // fetch gives a connection back in the turn after the response's end; a call that is begun before
    // that opens one more.
    await nextTurn();
  }
}

/** Keeps 64 calls under way until so many have begun; resolves when all of them have ended. */
async function run(until: number): Promise<void> {
  await Promise.all(Array.from({ length: CONCURRENCY }, () => work(until)));
}

const started = performance.now();
const running = run(calls);
// As in the vendor's console: the new key is made, the backend takes it up, the old one is revoked
// when no call has it any more.
while (ended < calls / 2) await sleep(20);
await platform.tell({ keys: [OLD_KEY, NEW_KEY] });
key = NEW_KEY;
await sleep(2_100);
await platform.tell({ keys: [NEW_KEY] });
await running;
const seconds = (performance.now() - started) / 1_000;

const { refusedKeys, requests, requestsByKey } = await platform.tell({});
const timersLeft = process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
const settled = memory.filter((sample) => sample.calls > calls / 2);
const heapSlope = slope(settled.map((sample) => [sample.calls, sample.heap]));
const rssSlope = slope(settled.map((sample) => [sample.calls, sample.rss]));
const mib = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
const last = memory.at(-1) ?? { heap: Number.NaN, rss: Number.NaN };

figure('calls', `${calls}, ${CONCURRENCY} at a time, ${FAULT_RATE * 100} % faults, seed ${seed}`);
figure('time', `${seconds.toFixed(0)} s, ${(calls / seconds).toFixed(0)} calls a second`);
figure('outcomes', JSON.stringify(outcomes));
figure('requests', `${requests}, ${JSON.stringify(requestsByKey)}`);
figure('attempts beyond the first', `${furtherAttempts}; calls that a hedge ended: ${hedged}`);
figure('heap', `${mib(last.heap)}, slope ${heapSlope.toFixed(2)} bytes a call after warm-up`);
figure('RSS', `${mib(last.rss)}, slope ${rssSlope.toFixed(2)} bytes a call after warm-up`);
const tenths = memory.filter((_, index) => index % Math.ceil(memory.length / 10) === 0);
figure('heap in MiB over time', tenths.map(({ heap }) => (heap / 2 ** 20).toFixed(1)).join(' '));
figure('RSS in MiB over time', tenths.map(({ rss }) => (rss / 2 ** 20).toFixed(0)).join(' '));
figure('sockets open at a time', mostSockets);

check('every call has settled', ended === calls);
check('19 of 20 calls bring a code', (outcomes.ok ?? 0) >= 0.95 * calls);
check(
  'hedges and retries were sent, no more than the budget allows',
  hedged > 0 && furtherAttempts <= 100 + 0.2 * calls + 10 * seconds,
);
check('the heap stays flat: less than 5 bytes a call', heapSlope < 5);
check('RSS stays flat: less than 50 bytes a call', rssSlope < 50);
check('no warning, of too many listeners or else', warnings.length === 0);
check('no unhandled rejection', rejections.length === 0);
check('no listener is left on the shared signal', getEventListeners(signal, 'abort').length === 0);
check('no timer is left', timersLeft === 0);
// A machine that stalls for half a second makes every call slow, and so hedged. And fetch opens
// another connection when it has not noticed yet that one became free.
check(
  'sockets open at a time: those of 64 calls with a hedge each, and 16 to spare',
  mostSockets <= 2 * CONCURRENCY + 16,
);
check(
  'a key was rotated, and no call failed of it',
  refusedKeys === 0 && !outcomes.unauthorized && Object.keys(requestsByKey).length === 2,
);
platform.stop();
