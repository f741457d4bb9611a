import { type SessionEnv, useSession } from '@hono/session';
import { type Context, Hono } from 'hono';
import { setCookie } from 'hono/cookie';
import { validator } from 'hono/validator';
import type { Logger } from 'pino';
import type { UserLinkClient } from 'sentiance-user-link';
import { readCredentials, UserStore } from './users.js';

export interface Dependencies {
  sentiance: UserLinkClient;
  logger: Logger;
  sessionSecret: string;
}

type LoginSession = { userId: string };

export function makeApp({ sentiance, logger, sessionSecret }: Dependencies) {
  const users = new UserStore();
  const app = new Hono<SessionEnv<LoginSession>>();

  app.use(
    useSession<LoginSession>({
      secret: sessionSecret,
      duration: { absolute: 86_400 },
      setCookie: (c, name, value, options) =>
        setCookie(c, name, value, { ...options, secure: process.env.NODE_ENV === 'production' }),
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

  // The app asks again when it got no code, or the code has expired.
  app.get('/sentiance/code', async (c) => {
    const session = await c.var.session.get();
    if (!session) return c.json({ error: 'Log in first.' }, 401);
    const code = await sentianceCode(session.userId, c);
    return code ? c.json(code) : c.json({ error: 'No code now. Ask again later.' }, 503);
  });

  /** A code for the user's app, or `null`: nobody is kept out because there is none. */
  async function sentianceCode(userId: string, c: Context) {
    // Stops asking when the app hangs up; a response that is sent in full aborts nothing.
    const { signal } = c.req.raw;
    const result = await sentiance.tryCreateAuthenticationCode(userId, { signal });
    if (result.ok) return result.value;
    // The error holds no secret. 'alert' does not pass by itself: page someone.
    const level = result.error.action === 'alert' ? 'error' : 'warn';
    logger[level]({ err: result.error }, 'No Sentiance code');
    return null;
  }

  return app;
}
