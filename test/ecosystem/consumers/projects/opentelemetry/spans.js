/** One span an attempt, below the caller's, with the URL and without a secret. */
import assert from 'node:assert/strict';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { ISSUED_CODE, scriptOf, startPlatform } from './platform.js';
import { exporter, tracer } from './tracing.js';

const API_KEY = 'test-user-link-key';
const PATHS = { rest: '/users/auth-code', graphql: '/v4/gql' };
const EXTERNAL_IDS = [
  '200-alice',
  '503.reset.200-bob',
  'hang.200-carol',
  '401-dave',
  'hang.hang-erin',
];

/** By what an attempt meets. One that the client ends is no error, says OpenTelemetry. */
const OUTCOMES = {
  200: { status: 200, code: SpanStatusCode.UNSET },
  401: { status: 401, code: SpanStatusCode.ERROR },
  503: { status: 503, code: SpanStatusCode.ERROR },
  reset: { status: undefined, code: SpanStatusCode.ERROR },
  hang: { status: undefined, code: SpanStatusCode.UNSET },
};

const platform = await startPlatform();
const settings = { apiKey: API_KEY, baseUrl: platform.url, timeout: 1_500, hedgeAfter: 500 };

for (const [api, path] of Object.entries(PATHS)) {
  const client = new SentianceUserLinkClient({ ...settings, api });
  for (const id of EXTERNAL_IDS) {
    const spans = await attemptSpans(client, `${id}-${api}`);
    const seen = spans.map(({ kind, status, attributes }) => ({
      kind,
      url: attributes['url.full'],
      status: attributes['http.response.status_code'],
      code: status.code,
    }));
    const expected = scriptOf(id).map((step) => ({
      kind: SpanKind.CLIENT,
      url: platform.url + path,
      ...OUTCOMES[step],
    }));
    assert.deepEqual(seen, expected, id);
  }
}
assertNoSecrets(exporter.getFinishedSpans());
platform.close();

/** The spans below that of a login, in the order in which they began. */
async function attemptSpans(client, externalId) {
  return tracer.startActiveSpan('login', async (login) => {
    const { length } = scriptOf(externalId);
    await client.tryCreateAuthenticationCode(externalId, { maxRetries: length - 1 });
    login.end();
    const { traceId, spanId } = login.spanContext();
    const inTrace = () =>
      exporter
        .getFinishedSpans()
        .filter((span) => span !== login && span.spanContext().traceId === traceId);
    // undici tells of an aborted request when its socket has closed.
    while (inTrace().length < length) await new Promise(setImmediate);
    for (const { parentSpanContext } of inTrace()) assert.equal(parentSpanContext.spanId, spanId);
    return inTrace().toSorted((one, other) => began(one) - began(other));
  });
}

function began({ startTime: [seconds, nanoseconds] }) {
  return seconds * 1_000 + nanoseconds / 1e6;
}

function assertNoSecrets(spans) {
  const told = JSON.stringify(
    spans.map(({ name, attributes, events, status, links, resource }) => {
      return { name, attributes, events, status, links, resource: resource.attributes };
    }),
  );
  assert.ok(told.includes('ECONNRESET'), 'what failed is told');
  for (const secret of [API_KEY, ISSUED_CODE, 'alice', 'bob', 'carol', 'dave', 'erin']) {
    assert.ok(!told.includes(secret), secret);
  }
}
