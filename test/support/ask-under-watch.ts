/** A process that asks each platform that it is told of, and says what the call took, memory included. */
import { SentianceUserLinkClient } from '../../src/index.js';

export interface Watched {
  /** The code of the error that the call ended with. */
  readonly code: string | undefined;
  /** Milliseconds after a bare timer of the same length; less than 0 when the call ended sooner. */
  readonly late: number;
  /** Mebibytes that the process has grown by since its first call. */
  readonly grown: number;
}

const TIMEOUT = 500;

let idle: number | undefined;

async function watchCall(baseUrl: string): Promise<Watched> {
  const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', baseUrl });
  // The platform responds well to the first: everything is loaded then.
  await client.createAuthenticationCode('user-1');
  idle ??= peakMemory();
  const timerFired = new Promise<number>((resolve) => {
    setTimeout(() => resolve(performance.now()), TIMEOUT);
  });
  const limits = { timeout: TIMEOUT, hedgeAfter: 150 };

  const result = await client.tryCreateAuthenticationCode('user-1', limits);

  const ended = performance.now();
  const code = result.ok ? undefined : result.error.code;
  return { code, late: ended - (await timerFired), grown: peakMemory() - idle };
}

/** The most that the system has given to this process. */
function peakMemory(): number {
  return process.resourceUsage().maxRSS / 1_024;
}

process.on('message', async (url) => process.send?.(await watchCall(String(url))));
process.on('disconnect', () => process.exit());
