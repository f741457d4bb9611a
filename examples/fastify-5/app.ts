import { finished } from 'node:stream';
import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from 'fastify';
import type { AuthenticationCode, UserLinkClient } from 'sentiance-user-link';
import { type Credentials, UserStore } from './users.js';

declare module 'fastify' {
  interface Session {
    userId: string;
  }
}

export interface AppOptions {
  sentiance: UserLinkClient;
  sessionSecret: string;
}

const schema = {
  body: {
    type: 'object',
    required: ['email', 'password'],
    properties: {
      email: { type: 'string', format: 'email' },
      password: { type: 'string', minLength: 8 },
    },
  },
};

export const app: FastifyPluginAsync<AppOptions> = async (
  fastify,
  { sentiance, sessionSecret },
) => {
  const users = new UserStore();
  await fastify.register(fastifyCookie);
  await fastify.register(fastifySession, {
    secret: sessionSecret,
    saveUninitialized: false,
    cookie: { sameSite: 'lax', secure: 'auto' },
  });

  fastify.post<{ Body: Credentials }>('/signup', { schema }, async (request, reply) => {
    const user = await users.add(request.body);
    if (!user) return reply.code(409).send({ error: 'This address has an account.' });
    await startSession(request, user.id);
    reply.code(201);
    return { email: user.email, sentiance: await sentianceCode(user.id, reply) };
  });

  fastify.post<{ Body: Credentials }>('/login', { schema }, async (request, reply) => {
    const user = await users.verify(request.body);
    if (!user) return reply.code(401).send({ error: 'Wrong email or password.' });
    await startSession(request, user.id);
    return { email: user.email, sentiance: await sentianceCode(user.id, reply) };
  });

  // The app asks again when it got no code, or the code has expired.
  fastify.get('/sentiance/code', async (request, reply) => {
    const { userId } = request.session;
    if (!userId) return reply.code(401).send({ error: 'Log in first.' });
    const code = await sentianceCode(userId, reply);
    return code ?? reply.code(503).send({ error: 'No code now. Ask again later.' });
  });

  /** A code for the user's app, or `null`: nobody is kept out because there is none. */
  async function sentianceCode(
    userId: string,
    reply: FastifyReply,
  ): Promise<AuthenticationCode | null> {
    // Stops asking when the app hangs up, and only then: a response that is sent in full aborts
    // nothing. Not `request.raw.on('close')`: a request closes when its body has been read; after
    // that, `request.signal` does not abort either (fastify/fastify#6725).
    const gone = new AbortController();
    finished(reply.raw, (error) => error && gone.abort());
    const result = await sentiance.tryCreateAuthenticationCode(userId, { signal: gone.signal });
    if (result.ok) return result.value;
    // The error holds no secret. 'alert' does not pass by itself: page someone.
    const level = result.error.action === 'alert' ? 'error' : 'warn';
    reply.log[level]({ err: result.error }, 'No Sentiance code');
    return null;
  }
};

/** A new session, so that an id known from before the login is worth nothing. */
async function startSession(request: FastifyRequest, userId: string): Promise<void> {
  await request.session.regenerate();
  request.session.userId = userId;
}
