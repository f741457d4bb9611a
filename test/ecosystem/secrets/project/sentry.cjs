/**
 * Reports errors with Sentry as a server would, with all that it can be told to add, and prints what
 * would be sent. Nothing leaves the process: the transport is a list.
 */
const { createServer } = require('node:http');
const Sentry = require('@sentry/node');
const { SentianceUserLinkClient } = require('sentiance-user-link');
const { CANARIES, FAILURES, OBJECTS } = require('./specimens.cjs');

const sent = [];

function init(integrations = [], options = {}) {
  Sentry.init({
    ...options,
    dsn: 'https://public@sentry.invalid/1',
    integrations: [
      Sentry.extraErrorDataIntegration({ depth: 20, captureErrorCause: true }),
      Sentry.captureConsoleIntegration(),
      ...integrations,
    ],
    sendDefaultPii: true,
    tracesSampleRate: 1,
    normalizeDepth: 20,
    maxValueLength: 100_000,
    transport: () => ({
      send: async (envelope) => {
        sent.push(JSON.stringify(envelope));
        return {};
      },
      flush: async () => true,
    }),
  });
}

const ROWS = {
  /** Each error by itself, as a part of others, and beside others; and what is no error. */
  async errors() {
    init();
    for (const [name, make] of Object.entries(FAILURES)) {
      Sentry.captureException(await make());
      Sentry.captureException(new Error(`caused by ${name}`, { cause: await make() }));
      Sentry.captureException(new AggregateError([await make()], `with ${name}`));
      Sentry.captureException({ ok: false, error: await make() });
      Sentry.captureMessage(`extra: ${name}`, { extra: { error: await make() } });
      console.error('failed', await make());
    }
    for (const [name, make] of Object.entries(OBJECTS)) {
      Sentry.captureException(await make());
      const data = await make();
      Sentry.addBreadcrumb({ message: name, data: { data } });
      Sentry.captureMessage(`context: ${name}`, { contexts: { login: { data } } });
    }
    return Promise.all(Object.values(FAILURES).map(async (make) => (await make()).message));
  },

  /** What nobody handles: Sentry reports it and lets the process go on. */
  async rejections() {
    init([Sentry.onUnhandledRejectionIntegration({ mode: 'none' })]);
    const errors = await Promise.all(Object.values(FAILURES).map((make) => make()));
    for (const error of errors) {
      Promise.reject(error);
      Promise.reject(new Error('login failed', { cause: error }));
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
    return ['auto.node.onunhandledrejection', ...errors.map(({ message }) => message)];
  },

  /** What nobody catches: Sentry reports it and ends the process. */
  async exception(failure) {
    init();
    const error = await FAILURES[failure]();
    process.on('exit', () => print(['auto.node.onuncaughtexception', error.message]));
    setImmediate(() => {
      throw error;
    });
    await new Promise(() => {});
  },

  /** Real requests, which Sentry follows: breadcrumbs and spans. */
  async requests() {
    init();
    const server = createServer((_, response) => {
      const body = JSON.stringify({ authentication_code: CANARIES.authenticationCode });
      response.writeHead(200, { 'set-cookie': CANARIES.cookie }).end(body);
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.0.0.1:${server.address().port}`;
    const client = new SentianceUserLinkClient({ apiKey: CANARIES.apiKey, baseUrl });
    await Sentry.startSpan({ name: 'a login' }, async () => {
      await client.createAuthenticationCode(CANARIES.externalId);
      Sentry.captureException(new Error('after the request'));
    });
    server.close();
    return ['after the request', 'POST', `${baseUrl}/users/auth-code`];
  },

  /** Local variables, of the server's own functions. */
  async variables() {
    init([], { includeLocalVariables: true });
    await reportFromLogin();
    return ['a-variable-of-the-server'];
  },

  /** Local variables, of the functions in packages too: of this one the key. */
  async 'all-variables'() {
    const allVariables = Sentry.localVariablesIntegration({ includeOutOfAppFrames: true });
    init([allVariables], { includeLocalVariables: true });
    await reportFromLogin();
    return ['a-variable-of-the-server'];
  },
};

/** Sentry asks a debugger for the variables, which needs a moment to start and to respond. */
async function reportFromLogin() {
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const login = () => {
    // In two parts, so that it is not found in the lines of code that Sentry sends along.
    const variable = ['a-variable-of', 'the-server'].join('-');
    return new SentianceUserLinkClient({ region: variable, ...twoKeys() });
  };
  try {
    login();
  } catch (error) {
    Sentry.captureException(error);
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}

/** Options that are refused, and make the client throw while it looks at a key. */
const twoKeys = () => ({ region: undefined, apiKey: `${CANARIES.apiKey}\n${CANARIES.apiKey}` });

/** Prints what was sent, which must have this in it: else a search of it proves nothing. */
function print(expected, whenDone) {
  const all = sent.join('\n');
  const missing = expected.find((text) => !all.includes(JSON.stringify(text).slice(1, -1)));
  if (missing !== undefined) throw new Error(`not sent: ${missing}`);
  process.stdout.write(all, whenDone);
}

async function main([row, ...args]) {
  const expected = await ROWS[row](...args);
  await Sentry.flush(5_000);
  print(expected, () => process.exit());
}

main(process.argv.slice(2));
