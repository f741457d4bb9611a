/** Logs in to far sites, all of them side by side, each at its own pace. */
import { setTimeout as sleep } from 'node:timers/promises';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { Agent } from 'undici';
import { API_KEY } from '../contenders/request.mjs';

/** What each kind of site is asked with: `undefined` is the client's default, the global `fetch`. */
const fetches = {
  fetch: () => undefined,
  // The global `fetch`, so that MSW and OpenTelemetry see the calls. undici 7 is what the `fetch`
  // of Node 20, 22, 24 and 26 can use; that of Node 22 and 24 cannot use an Agent of undici 8.
  agent: () => {
    const dispatcher = new Agent({ keepAliveTimeout: 60_000 });
    return (url, init) => fetch(url, { ...init, dispatcher });
  },
};

/** A first login, which always has to connect, and then `logins` more, `gap` ms apart. */
async function logInto({ url, kind, gap, logins }) {
  let attempts = 0;
  const client = new SentianceUserLinkClient({
    apiKey: API_KEY,
    baseUrl: url,
    fetch: fetches[kind](),
    onAttempt: () => {
      attempts += 1;
    },
  });
  const login = () => client.tryCreateAuthenticationCode('user-1001');
  const first = await login();
  if (!first.ok) throw first.error;
  attempts = 0;

  const latencies = [];
  let failed = 0;
  for (let sent = 0; sent < logins; sent += 1) {
    await sleep(gap);
    const started = performance.now();
    const result = await login();
    latencies.push(performance.now() - started);
    if (!result.ok) failed += 1;
  }
  return { latencies, attempts, failed };
}

process.on('message', async (sites) => process.send(await Promise.all(sites.map(logInto))));
process.on('disconnect', () => process.exit());
process.send('ready');
