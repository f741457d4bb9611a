import type { AddressInfo } from 'node:net';
import { finished } from 'node:stream';
import { promisify } from 'node:util';
import { readCredentials, UserStore } from 'example-users';
import express, { type Request, type Response } from 'express';
import session from 'express-session';
import { pino } from 'pino';
import { type AuthenticationCode, SentianceUserLinkClient } from 'sentiance-user-link';

declare module 'express-session' {
  interface SessionData {
    userId: string;
  }
}

const { PORT = '3000', SESSION_SECRET, SENTIANCE_BASE_URL } = process.env;
if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET.');

const logger = pino();
const users = new UserStore();

// sentiance-user-link: the client is made once, at boot, where a missing key is an error. Whoever
// logs in is let in with or without a code, within 1.5 seconds, and the app can ask again later.
const sentiance = new SentianceUserLinkClient({
  baseUrl: SENTIANCE_BASE_URL,
  timeout: 1_500,
});

async function sentianceCode(userId: string, res: Response): Promise<AuthenticationCode | null> {
  const gone = new AbortController();
  finished(res, () => gone.abort());
  const result = await sentiance.tryCreateAuthenticationCode(userId, { signal: gone.signal });
  if (result.ok) return result.value;
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

/** A new session, so that an id known from before the login is worth nothing. */
async function startSession(req: Request, userId: string): Promise<void> {
  await promisify(req.session.regenerate).call(req.session);
  req.session.userId = userId;
}

const server = app.listen(Number(PORT), () => {
  const { port } = server.address() as AddressInfo;
  logger.info(`Listening on http://localhost:${port}`);
});
