'use strict';

const { finished } = require('node:stream');
const { promisify } = require('node:util');
const express = require('express');
const session = require('express-session');
const { readCredentials, UserStore } = require('./users');

/** `sentiance` is the client; a test passes the fake. */
function makeApp({ sentiance, sentianceAppId, logger, sessionSecret }) {
  const users = new UserStore();
  const app = express();
  app.use(express.json());
  app.use(
    session({
      secret: sessionSecret,
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
        const error = 'An email and a password of 8 characters or more, please.';
        return res.status(400).json({ error });
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

  // The app asks again when it got no code, or the code has expired.
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

  /** What Sentiance's sample apps expect; `null` without a code: nobody is kept out for that. */
  async function authCode(userId, res) {
    // Stops asking when the app hangs up, and only then: a response that is sent in full aborts
    // nothing. Not `req.on('close')`: a request closes when its body has been read.
    const gone = new AbortController();
    finished(res, (error) => error && gone.abort());
    const result = await sentiance.tryCreateAuthenticationCode(userId, { signal: gone.signal });
    if (result.ok) {
      const { authenticationCode, platformUrl } = result.value;
      return { app_id: sentianceAppId, auth_code: authenticationCode, platform_url: platformUrl };
    }
    // The error holds no secret. 'alert' does not pass by itself: page someone.
    const level = result.error.action === 'alert' ? 'error' : 'warn';
    logger[level]({ err: result.error }, 'No Sentiance code');
    return null;
  }

  return app;
}

/** Express 4 does not look at the promise of a handler. */
function asyncWrapper(handler) {
  return (req, res, next) => handler(req, res, next).catch(next);
}

/** A new session, so that an id known from before the login is worth nothing. */
async function startSession(req, userId) {
  await promisify(req.session.regenerate).call(req.session);
  req.session.userId = userId;
}

module.exports = { makeApp };
