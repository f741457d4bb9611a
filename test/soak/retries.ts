/** A thousand calls to a platform that answers 503: how many requests, and how spread. */
import { type AttemptEvent, SentianceUserLinkClient } from 'sentiance-user-link';
import { check, figure } from './checks.js';
import { Platform } from './platform.js';

const CALLS = 1_000;
/** Few enough for timers to be on time. */
const AT_A_TIME = 50;
const SLOT = 20;
const KEY = 'test-user-link-key';

const platform = await Platform.start(Number(process.argv[2]));
await platform.tell({ keys: [KEY] });

/** The waits of one call: from the end of each attempt to the beginning of the next. */
async function waitsOfOneCall(maxRetries: number): Promise<number[]> {
  const waits: number[] = [];
  let lastEnd: number | undefined;
  const onAttempt = ({ duration }: AttemptEvent) => {
    const end = performance.now();
    if (lastEnd !== undefined) waits.push(end - duration - lastEnd);
    lastEnd = end;
  };
  const client = new SentianceUserLinkClient({
    apiKey: KEY,
    baseUrl: platform.url,
    timeout: 10_000,
    totalTimeout: 30_000,
    maxRetries,
    onAttempt,
  });
  await client.tryCreateAuthenticationCode('user-1');
  return waits;
}

function printHistogram(waits: readonly number[], longest: number): void {
  const perSlot = Array<number>(longest / SLOT).fill(0);
  for (const wait of waits) {
    // A timer may be late.
    const slot = Math.min(Math.floor(wait / SLOT), perSlot.length - 1);
    perSlot[slot] = (perSlot[slot] ?? 0) + 1;
  }
  for (const [slot, count] of perSlot.entries()) {
    console.log(`        ${`${slot * SLOT} ms`.padStart(8)} ${'#'.repeat(count / 4)} ${count}`);
  }
}

for (const maxRetries of [0, 2]) {
  await platform.tell({ mode: 'unavailable' });
  const calls: number[][] = [];
  while (calls.length < CALLS) {
    const some = Array.from({ length: AT_A_TIME }, () => waitsOfOneCall(maxRetries));
    calls.push(...(await Promise.all(some)));
  }
  const { requests } = await platform.tell({});

  const all = CALLS * (1 + maxRetries);
  figure(`${CALLS} calls with maxRetries ${maxRetries}`, `${requests} requests`);
  check(`they are ${all}, and no more`, requests === all);
  for (let retry = 0; retry < maxRetries; retry += 1) {
    const longest = 200 * 2 ** retry;
    const waits = calls.map((ofOne) => ofOne[retry] ?? Number.NaN);
    figure(`waits before retry ${retry + 1}`, `up to ${longest} ms`);
    printHistogram(waits, longest);
    const firstHalf = waits.filter((wait) => wait < longest / 2).length / CALLS;
    check('half of the waits are in the first half of their time', Math.abs(firstHalf - 0.5) < 0.1);
  }
}
platform.stop();
