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

/** An answer that quotes the request and has secrets of its own, wherever an answer can. */
function echo(status, body = ECHO) {
  const headers = new Headers({
    'retry-after': '0',
    'set-cookie': `session=${CANARIES.cookie}`,
    'x-request': CANARIES.header,
  });
  return new Response(body, { status, statusText: CANARIES.header, headers });
}

const ECHO = JSON.stringify({
  message: QUOTE,
  errorCode: externalId,
  ref: `ref-${apiKey}`,
  authentication_code: [authenticationCode],
  [CANARIES.body]: CANARIES.body,
});

const answered = (status, body) => callWith({ fetch: async () => echo(status, body) });
const lost = (error) => callWith({ fetch: () => Promise.reject(error) });
const quoting = (fields, options) => Object.assign(new Error(QUOTE, options), fields);

/** Answers once, and then not until the signal ends it. */
function hangAfter(...answers) {
  return async (_url, { signal }) => {
    const answer = answers.shift();
    if (answer !== undefined) return answer;
    return new Promise((_, reject) => signal.addEventListener('abort', () => reject(quoting())));
  };
}

/** Makes the error of each kind of failure. */
const FAILURES = {
  'a 400': answered(400),
  'a 401': answered(401),
  'a 403': answered(403),
  'a 404': answered(404),
  'a 408': answered(408),
  'a 429': answered(429),
  'a 503': answered(503),
  'a redirect': answered(307),
  HTML: answered(200, `<html>${QUOTE}</html>`),
  'wrong fields': answered(200),
  'too much': answered(200, CANARIES.body.repeat(60_000)),
  'an error that quotes the request': lost(quoting({ code: 'ECONNRESET', request: QUOTE })),
  'an error with a cause': lost(quoting({}, { cause: quoting() })),
  'an error of many': lost(new AggregateError([quoting(), QUOTE], QUOTE)),
  'no error but a string': lost(QUOTE),
  'an attempt that takes too long': callWith({ fetch: hangAfter(), timeout: 1 }),
  'a call that takes too long': callWith({ fetch: hangAfter(), totalTimeout: 1 }),
  'an attempt too long, after a 503': callWith({
    fetch: hangAfter(echo(503)),
    maxRetries: 1,
    timeout: 20,
  }),
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
