/** Makes the calls of one contender. Arguments: its id, the server's URL, its settings if any. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createLogin } from '../contenders/index.mjs';
import { CODE, HELD_ID } from '../support/protocol.mjs';

const [id, url, settings] = process.argv.slice(2);
const createOne = () => createLogin(id, url, settings);
const login = await createOne();
const tasks = { calls, burst, logins, collect, flight, clients };

process.on('message', async ({ task, ...options }) => process.send(await tasks[task](options)));
process.on('disconnect', () => process.exit());
process.send('ready');

/** Calls at a steady concurrency: microseconds of CPU a call, and calls a second. */
async function calls({ count, concurrency }) {
  let left = count;
  const caller = async () => {
    while (left > 0) {
      left -= 1;
      const code = await login('user-1001');
      if (code !== CODE) throw new Error(`${id} gave a wrong answer`);
    }
  };
  const started = performance.now();
  const cpu = process.cpuUsage();
  await Promise.all(Array.from({ length: concurrency }, caller));
  const { user, system } = process.cpuUsage(cpu);
  const seconds = (performance.now() - started) / 1_000;
  return { cpu: (user + system) / count, rate: count / seconds };
}

/** So many logins at once, none of which has a connection yet: what each had to wait, and who failed. */
async function burst({ count }) {
  const cpu = process.cpuUsage();
  const before = process.memoryUsage.rss();
  for (let sent = 0; sent < count; sent += 1) void timeLogin();
  const logins = await collect({ limit: 30_000 });
  const { user, system } = process.cpuUsage(cpu);
  return {
    waits: logins.map(({ begun, ended }) => ended - begun),
    failed: logins.filter(({ ok }) => !ok).length,
    cpu: (user + system) / count,
    grown: process.resourceUsage().maxRSS * 1_024 - before,
  };
}

const outcomes = [];
const underWay = new Set();
/** The same in every process. */
const now = () => performance.timeOrigin + performance.now();

/** Sends so many logins over so long, whether the earlier ones have ended or not. */
async function logins({ count, duration }) {
  const started = performance.now();
  for (let sent = 0; sent < count; ) {
    const due = Math.min(((performance.now() - started) / duration) * count, count);
    for (; sent < due; sent += 1) void timeLogin();
    await sleep(1);
  }
  return 'sent';
}

async function timeLogin() {
  const one = { begun: now() };
  underWay.add(one);
  const ok = await login('user-1001').then(
    (code) => code === CODE,
    () => false,
  );
  underWay.delete(one);
  outcomes.push({ ok, begun: one.begun, ended: now() });
}

/** All logins that were sent, when they have ended; those that do not in time have failed. */
async function collect({ limit }) {
  for (const end = now() + limit; underWay.size > 0 && now() < end; ) await sleep(20);
  const lost = Array.from(underWay, ({ begun }) => ({ ok: false, begun, ended: begun + limit }));
  return [...outcomes, ...lost];
}

let usedBefore = 0;

/** Starts calls that are never answered; asked again, says how many bytes each of them holds. */
async function flight({ count, measure }) {
  if (measure) return (usedMemory() - usedBefore) / count;
  usedBefore = usedMemory();
  for (let sent = 0; sent < count; sent += 1) login(HELD_ID).catch(() => {});
  return 'sent';
}

/** How many bytes a client holds that is not used. */
async function clients({ count }) {
  const kept = [];
  const before = usedMemory();
  for (let made = 0; made < count; made += 1) kept.push(await createOne());
  return (usedMemory() - before) / kept.length;
}

function usedMemory() {
  gc();
  gc();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
