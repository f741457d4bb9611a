import tracer from 'dd-trace';
import { API_KEY, EXTERNAL_IDS } from './calls.js';

// First, as Datadog asks for it: what is loaded later is traced.
tracer.init();
const { SentianceUserLinkClient } = await import('sentiance-user-link');

const client = new SentianceUserLinkClient({
  apiKey: API_KEY,
  baseUrl: process.argv[2],
  timeout: 3_000,
  hedgeAfter: 800,
});
for (const externalId of EXTERNAL_IDS) {
  await tracer.trace('login', () => client.tryCreateAuthenticationCode(externalId));
}
