/**
 * What a log, a crash or a failing assertion can get hold of, from the installed package: all with a
 * canary in every place that a secret can stand in. The canaries are not in this file, because a
 * crash shows the line of code that it came from.
 */
const { SentianceUserLinkClient } = require('sentiance-user-link');
const { FakeUserLinkClient, SentianceEmulator } = require('sentiance-user-link/testing');
const CANARIES = require('./canaries.json');

const { apiKey, externalId, authenticationCode } = CANARIES;

/** What a careless server, proxy or `fetch` quotes of a request. */
const QUOTE = `Authorization: Bearer ${apiKey} {"external_id":"${externalId}"}`;

/** A client, or whatever else has these options, that does not wait between its attempts. */
const clientWith = (options) => new SentianceUserLinkClient({ apiKey, maxRetries: 0, ...options });

/** The error of a call, or of a constructor, that must fail. */
async function errorOf(action) {
  try {
    await action();
  } catch (error) {
    return error;
  }
  throw new Error('This was to fail.');
}

const callWith = (options, callOptions) => () =>
  errorOf(() => clientWith(options).createAuthenticationCode(externalId, callOptions));

/** A response that quotes the request and has secrets of its own, wherever a response can. */
function echo(status, body = ECHO) {
  const headers = new Headers({
    'retry-after': '0',
    'set-cookie': `session=${CANARIES.cookie}`,
    'x-request': CANARIES.header,
  });
  return new Response(body, { status, statusText: CANARIES.header, headers });
}

/** A response that begins to quote the request, and never ends. */
function endless(status) {
  const start = (controller) => controller.enqueue(new TextEncoder().encode(ECHO.slice(0, -1)));
  return echo(status, new ReadableStream({ start }));
}

const ECHO = JSON.stringify({
  message: QUOTE,
  errorCode: externalId,
  ref: `ref-${apiKey}`,
  authentication_code: [authenticationCode],
  [CANARIES.body]: CANARIES.body,
});

const responded = (status, body) => callWith({ fetch: async () => echo(status, body) });
const lost = (error) => callWith({ fetch: () => Promise.reject(error) });
const quoting = (fields, options) => Object.assign(new Error(QUOTE, options), fields);

/** Gives these responses, and then none until the signal ends it. */
function hangAfter(...responses) {
  return async (_url, { signal }) => {
    const response = responses.shift();
    if (response !== undefined) return response;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(quoting())));
  };
}

/** Makes the error of each kind of failure. */
const FAILURES = {
  'a 400': responded(400),
  'a 401': responded(401),
  'a 403': responded(403),
  'a 404': responded(404),
  'a 408': responded(408),
  'a 429': responded(429),
  'a 503': responded(503),
  'a redirect': responded(307),
  HTML: responded(200, `<html>${QUOTE}</html>`),
  'wrong fields': responded(200),
  'too much': responded(200, CANARIES.body.repeat(60_000)),
  'an error that quotes the request': lost(quoting({ code: 'ECONNRESET', request: QUOTE })),
  'an error of a host that does not exist': lost(quoting({ code: 'ENOTFOUND', hostname: QUOTE })),
  'an error with a cause': lost(quoting({}, { cause: quoting() })),
  'an error of many': lost(new AggregateError([quoting(), QUOTE], QUOTE)),
  'no error but a string': lost(QUOTE),
  'a call that takes too long': callWith({ fetch: hangAfter(), timeout: 1 }),
  'a call that takes too long, after a 503': callWith({
    fetch: hangAfter(echo(503)),
    maxRetries: 1,
    timeout: 300,
  }),
  'a 400 whose body never ends': callWith({ fetch: async () => endless(400), hedgeAfter: 1 }),
  'an abort': callWith({}, { signal: AbortSignal.abort(new Error(CANARIES.abortReason)) }),
  'an external id that is none': () =>
    errorOf(() => clientWith().createAuthenticationCode(`${externalId}\ud83d`)),
  'a call option that is none': callWith({}, { timeout: apiKey }),
  'a key function that throws': callWith({ apiKey: () => Promise.reject(new Error(apiKey)) }),
  'a key function that gives no key': callWith({ apiKey: () => `Bearer ${apiKey}` }),
  'a key with a line break': () => errorOf(() => clientWith({ apiKey: `${apiKey}\n${apiKey}` })),
  'an option that is none': () => errorOf(() => clientWith({ [apiKey]: apiKey })),
  'a base URL with a key': () =>
    errorOf(() => clientWith({ baseUrl: `https://${apiKey}@platform.example` })),
  'a method that lost its client': () => {
    const { createAuthenticationCode } = clientWith();
    return errorOf(() => createAuthenticationCode(externalId));
  },
  'a fake that fails': () =>
    errorOf(() =>
      new FakeUserLinkClient().failNext('rate_limited').createAuthenticationCode(externalId),
    ),
  'an emulator asked with a wrong code': () =>
    errorOf(() => new SentianceEmulator({ apiKey }).createUser(authenticationCode, { id: 'a' })),
};

/** Makes whatever else is at hand where a login is handled. */
const OBJECTS = {
  'a client': async () => {
    const client = clientWith({ fetch: async () => echo(400) });
    await client.tryCreateAuthenticationCode(externalId);
    return client;
  },
  'a client with a key function': async () => clientWith({ apiKey: () => apiKey }),
  'a result without a code': () =>
    clientWith({ fetch: async () => echo(400) }).tryCreateAuthenticationCode(externalId),
  'a fake': async () => {
    const fake = new FakeUserLinkClient();
    await fake.createAuthenticationCode(externalId);
    return fake;
  },
  'an emulator': async () => new SentianceEmulator({ apiKey, keysWithoutScope: [apiKey] }),
};

module.exports = { CANARIES, FAILURES, OBJECTS };
