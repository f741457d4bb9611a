'use strict';

const { finished } = require('node:stream');
const { promisify } = require('node:util');
const { readCredentials, UserStore } = require('example-users');
const express = require('express');
const session = require('express-session');
const pino = require('pino');
const { SentianceUserLinkClient } = require('sentiance-user-link');

const { PORT = '8000', SESSION_SECRET, SENTIANCE_APP_ID, SENTIANCE_BASE_URL } = process.env;
if (!SENTIANCE_APP_ID) throw new Error('Set SENTIANCE_APP_ID.');
if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET.');

const logger = pino();
const users = new UserStore();

// sentiance-user-link: the client is made once, at boot, where a missing key is an error. Whoever
// logs in is let in with or without a code, within 1.5 seconds, and the app can ask again later.
const sentiance = new SentianceUserLinkClient({
  baseUrl: SENTIANCE_BASE_URL,
  timeout: 1_500,
});

/** What the sample apps expect of `GET /auth/code`; `null` when there is no code now. */
async function authCode(userId, res) {
  const gone = new AbortController();
  finished(res, () => gone.abort());
  const result = await sentiance.tryCreateAuthenticationCode(userId, { signal: gone.signal });
  if (result.ok) {
    const { authenticationCode, platformUrl } = result.value;
    return { app_id: SENTIANCE_APP_ID, auth_code: authenticationCode, platform_url: platformUrl };
  }
  const level = result.error.action === 'alert' ? 'error' : 'warn';
  logger[level]({ err: result.error }, 'No Sentiance code');
  return null;
}

const app = express();
app.use(express.json());
app.use(
  session({
    secret: SESSION_SECRET,
    resave: false,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', secure: 'auto' },
  }),
);

app.post(
  '/signup',
  asyncWrapper(async (req, res) => {
    const credentials = readCredentials(req.body);
    if (!credentials) {
      return res
        .status(400)
        .json({ error: 'An email and a password of 8 characters or more, please.' });
    }
    const user = await users.add(credentials);
    if (!user) return res.status(409).json({ error: 'This address has an account.' });
    await startSession(req, user.id);
    res.status(201).json({ email: user.email, sentiance: await authCode(user.id, res) });
  }),
);

app.post(
  '/login',
  asyncWrapper(async (req, res) => {
    const credentials = readCredentials(req.body);
    const user = credentials && (await users.verify(credentials));
    if (!user) return res.status(401).json({ error: 'Wrong email or password.' });
    await startSession(req, user.id);
    res.json({ email: user.email, sentiance: await authCode(user.id, res) });
  }),
);

app.get(
  '/auth/code',
  asyncWrapper(async (req, res) => {
    const { userId } = req.session;
    if (!userId) return res.status(401).json({ error: 'Log in first.' });
    const code = await authCode(userId, res);
    if (code) res.json(code);
    else res.status(503).json({ error: 'No code now. Ask again later.' });
  }),
);

/** Express 4 does not look at the promise of a handler. */
function asyncWrapper(handler) {
  return (req, res, next) => handler(req, res, next).catch(next);
}

/** A new session, so that an id known from before the login is worth nothing. */
async function startSession(req, userId) {
  await promisify(req.session.regenerate).call(req.session);
  req.session.userId = userId;
}

const server = app.listen(PORT, () => {
  logger.info(`Listening on http://localhost:${server.address().port}`);
});
