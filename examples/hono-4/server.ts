import { serve } from '@hono/node-server';
import { type SessionEnv, useSession } from '@hono/session';
import { readCredentials, UserStore } from 'example-users';
import { type Context, Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { validator } from 'hono/validator';
import { pino } from 'pino';
import { SentianceUserLinkClient } from 'sentiance-user-link';

const { NODE_ENV, PORT = '3000', SESSION_SECRET, SENTIANCE_BASE_URL } = process.env;
if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET.');

const logger = pino();
const users = new UserStore();

// sentiance-user-link: the client is made once, at boot, where a missing key is an error. Whoever
// logs in is let in with or without a code, within 1.5 seconds, and the app can ask again later.
const sentiance = new SentianceUserLinkClient({
  baseUrl: SENTIANCE_BASE_URL,
  timeout: 1_500,
});

async function sentianceCode(userId: string, c: Context) {
  const { signal } = c.req.raw;
  const result = await sentiance.tryCreateAuthenticationCode(userId, { signal });
  if (result.ok) return result.value;
  const level = result.error.action === 'alert' ? 'error' : 'warn';
  logger[level]({ err: result.error }, 'No Sentiance code');
  return null;
}

type LoginSession = { userId: string };

const app = new Hono<SessionEnv<LoginSession>>();

app.use(
  useSession<LoginSession>({
    secret: SESSION_SECRET,
    duration: { absolute: 86_400 },
    setCookie: (c, name, value, options) =>
      setCookie(c, name, value, { ...options, secure: NODE_ENV === 'production' }),
  }),
);

const credentials = validator('json', (value, c) => {
  return (
    readCredentials(value) ??
    c.json({ error: 'An email and a password of 8 characters or more, please.' }, 400)
  );
});

app.post('/signup', credentials, async (c) => {
  const user = await users.add(c.req.valid('json'));
  if (!user) return c.json({ error: 'This address has an account.' }, 409);
  await c.var.session.update({ userId: user.id });
  return c.json({ email: user.email, sentiance: await sentianceCode(user.id, c) }, 201);
});

app.post('/login', credentials, async (c) => {
  const user = await users.verify(c.req.valid('json'));
  if (!user) return c.json({ error: 'Wrong email or password.' }, 401);
  await c.var.session.update({ userId: user.id });
  return c.json({ email: user.email, sentiance: await sentianceCode(user.id, c) });
});

app.get('/sentiance/code', async (c) => {
  const session = await c.var.session.get();
  if (!session) return c.json({ error: 'Log in first.' }, 401);
  const code = await sentianceCode(session.userId, c);
  return code ? c.json(code) : c.json({ error: 'No code now. Ask again later.' }, 503);
});

serve({ fetch: app.fetch, port: Number(PORT) }, ({ port }) => {
  logger.info(`Listening on http://localhost:${port}`);
});
