import { finished } from 'node:stream';
import { promisify } from 'node:util';
import express, { type Express, type Request, type Response } from 'express';
import session from 'express-session';
import type { Logger } from 'pino';
import type { AuthenticationCode, UserLinkClient } from 'sentiance-user-link';
import { readCredentials, UserStore } from './users.js';

declare module 'express-session' {
  interface SessionData {
    userId: string;
  }
}

export interface Dependencies {
  sentiance: UserLinkClient;
  logger: Logger;
  sessionSecret: string;
}

export function makeApp({ sentiance, logger, sessionSecret }: Dependencies): Express {
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

  app.post('/signup', async (req, res) => {
    const credentials = readCredentials(req.body);
    if (!credentials) {
      res.status(400).json({ error: 'An email and a password of 8 characters or more, please.' });
      return;
    }
    const user = await users.add(credentials);
    if (!user) {
      res.status(409).json({ error: 'This address has an account.' });
      return;
    }
    await startSession(req, user.id);
    res.status(201).json({ email: user.email, sentiance: await sentianceCode(user.id, res) });
  });

  app.post('/login', async (req, res) => {
    const credentials = readCredentials(req.body);
    const user = credentials && (await users.verify(credentials));
    if (!user) {
      res.status(401).json({ error: 'Wrong email or password.' });
      return;
    }
    await startSession(req, user.id);
    res.json({ email: user.email, sentiance: await sentianceCode(user.id, res) });
  });

  // The app asks again when it got no code, or the code has expired.
  app.get('/sentiance/code', async (req, res) => {
    const { userId } = req.session;
    if (!userId) {
      res.status(401).json({ error: 'Log in first.' });
      return;
    }
    const code = await sentianceCode(userId, res);
    if (code) res.json(code);
    else res.status(503).json({ error: 'No code now. Ask again later.' });
  });

  /** A code for the user's app, or `null`: nobody is kept out because there is none. */
  async function sentianceCode(userId: string, res: Response): Promise<AuthenticationCode | null> {
    // Stops asking when the app hangs up, and only then: a response that is sent in full aborts
    // nothing. Not `req.on('close')`: a request closes when its body has been read.
    const gone = new AbortController();
    finished(res, (error) => error && gone.abort());
    const result = await sentiance.tryCreateAuthenticationCode(userId, { signal: gone.signal });
    if (result.ok) return result.value;
    // The error holds no secret. 'alert' does not pass by itself: page someone.
    const level = result.error.action === 'alert' ? 'error' : 'warn';
    logger[level]({ err: result.error }, 'No Sentiance code');
    return null;
  }

  return app;
}

/** A new session, so that an id known from before the login is worth nothing. */
async function startSession(req: Request, userId: string): Promise<void> {
  await promisify(req.session.regenerate).call(req.session);
  req.session.userId = userId;
}
