/** Datadog's agent and a platform, with a traced server as a process beside them that has to end. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import { promisify } from 'node:util';
import { decodeMulti } from '@msgpack/msgpack';
import { API_KEY, EXTERNAL_IDS } from './calls.js';
import { ISSUED_CODE, scriptOf, startPlatform } from './platform.js';

const sent = [];
const agent = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  sent.push({ url: request.url, body });
  response.end('{}');
});
await new Promise((resolve) => agent.listen(0, '127.0.0.1', resolve));
const platform = await startPlatform();

const env = {
  ...process.env,
  DD_TRACE_AGENT_URL: `http://127.0.0.1:${agent.address().port}`,
  DD_INSTRUMENTATION_TELEMETRY_ENABLED: 'false',
  DD_REMOTE_CONFIGURATION_ENABLED: 'false',
  DD_TRACE_STARTUP_LOGS: 'false',
};
// Killed when it does not end by itself.
const options = { env, timeout: 30_000 };
await promisify(execFile)(process.execPath, ['server.js', platform.url], options);

const spans = sent
  .filter(({ url }) => url.includes('/traces'))
  .flatMap(({ body }) => [...decodeMulti(body, { useBigInt64: true })].flat(2));
const logins = spans.filter(({ name }) => name === 'login');
assert.equal(logins.length, EXTERNAL_IDS.length);
for (const [index, login] of logins.entries()) {
  const attempts = spans.filter(
    ({ name, parent_id: parent }) => name === 'http.request' && parent === login.span_id,
  );
  const steps = scriptOf(EXTERNAL_IDS[index]);
  assert.deepEqual(
    attempts.map(({ meta }) => [meta['http.url'], meta['http.status_code'] ?? 'none']),
    steps.map((step) => [`${platform.url}/users/auth-code`, /^\d+$/.test(step) ? step : 'none']),
  );
}
const told = sent.map(({ body }) => body.toString('latin1')).join('\n');
for (const secret of [API_KEY, ISSUED_CODE, 'alice', 'bob', 'carol', 'dave']) {
  assert.ok(!told.includes(secret), secret);
}
platform.close();
agent.closeAllConnections();
agent.close();
