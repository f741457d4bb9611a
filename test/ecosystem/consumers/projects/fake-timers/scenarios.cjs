/** Calls of a real client against a `fetch` in memory, and how far the clock has to go for each. */
const { SentianceUserLinkClient } = require('sentiance-user-link');
const { FakeUserLinkClient } = require('sentiance-user-link/testing');

const CODE = { authentication_code: 'code-in-memory' };
const never = () => new Promise(() => {});
const code = async () => Response.json(CODE);
const status =
  (status, headers = {}) =>
  async () =>
    Response.json({}, { status, headers });
const lost = async () => {
  throw Object.assign(new TypeError('fetch failed'), { code: 'ECONNRESET' });
};

/** What a call comes to, as one word. */
async function outcomeOf(client, options) {
  const result = await client.tryCreateAuthenticationCode('user-1', options);
  return result.ok ? result.value.authenticationCode : result.error.code;
}

/** Starts a call whose attempts meet these replies in turn, the last one for ever. */
function call(replies, options) {
  let sent = 0;
  const client = new SentianceUserLinkClient({
    apiKey: 'test-user-link-key',
    fetch: () => {
      sent += 1;
      return replies[Math.min(sent, replies.length) - 1]();
    },
  });
  return outcomeOf(client, options).then((outcome) => `${outcome} (${sent} sent)`);
}

/** A title, the call, the milliseconds after which it has settled, and what it comes to. */
exports.CALLS = [
  ['a code', () => call([code]), 0, 'code-in-memory (1 sent)'],
  ['two retries', () => call([status(503), lost, code]), 600, 'code-in-memory (3 sent)'],
  ['retries that are in vain', () => call([status(503)]), 600, 'server_error (3 sent)'],
  [
    'a wait that the platform asks for',
    () => call([status(429, { 'Retry-After': '3' }), code]),
    3_200,
    'code-in-memory (2 sent)',
  ],
  ['a hedge', () => call([never, code]), 1_000, 'code-in-memory (2 sent)'],
  ['a hedge, then a retry', () => call([never, lost, code]), 1_400, 'code-in-memory (3 sent)'],
  ['a timeout', () => call([never]), 5_000, 'timeout (3 sent)'],
  [
    'a timeout of its own, without a hedge',
    () => call([never], { timeout: 60_000, hedgeAfter: 60_000 }),
    60_000,
    'timeout (1 sent)',
  ],
  [
    'an abort',
    () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort(), 700);
      return call([never], { signal: controller.signal });
    },
    700,
    'aborted (1 sent)',
  ],
];

/** Calls of the fake, none of which needs the clock. */
exports.FAKES = [
  ['a code', (fake) => fake, 'fake-code-1'],
  ['a failure', (fake) => fake.failNext('timeout'), 'timeout'],
  ['a failure for good', (fake) => fake.failWith('server_error'), 'server_error'],
  [
    'a response of its own',
    (fake) =>
      fake.respondWith(async () => ({
        authenticationCode: 'own-code',
        expiresAt: new Date(),
        platformUrl: 'https://api.sentiance.com',
      })),
    'own-code',
  ],
].map(([title, setUp, expected]) => [
  title,
  () => outcomeOf(setUp(new FakeUserLinkClient())),
  expected,
]);
