import fastifyCookie from '@fastify/cookie';
import fastifySession from '@fastify/session';
import { type Credentials, UserStore } from 'example-users';
import Fastify, { type FastifyRequest } from 'fastify';
import sentiance from './sentiance.js';

declare module 'fastify' {
  interface Session {
    userId: string;
  }
}

const { PORT = '3000', SESSION_SECRET, SENTIANCE_BASE_URL } = process.env;
if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET.');

const users = new UserStore();
const fastify = Fastify({ logger: true });

await fastify.register(fastifyCookie);
await fastify.register(fastifySession, {
  secret: SESSION_SECRET,
  saveUninitialized: false,
  cookie: { sameSite: 'lax', secure: 'auto' },
});
await fastify.register(sentiance, { baseUrl: SENTIANCE_BASE_URL });

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

fastify.post<{ Body: Credentials }>('/signup', { schema }, async (request, reply) => {
  const user = await users.add(request.body);
  if (!user) return reply.code(409).send({ error: 'This address has an account.' });
  await startSession(request, user.id);
  reply.code(201);
  return { email: user.email, sentiance: await fastify.sentianceCode(user.id, reply) };
});

fastify.post<{ Body: Credentials }>('/login', { schema }, async (request, reply) => {
  const user = await users.verify(request.body);
  if (!user) return reply.code(401).send({ error: 'Wrong email or password.' });
  await startSession(request, user.id);
  return { email: user.email, sentiance: await fastify.sentianceCode(user.id, reply) };
});

fastify.get('/sentiance/code', async (request, reply) => {
  const { userId } = request.session;
  if (!userId) return reply.code(401).send({ error: 'Log in first.' });
  const code = await fastify.sentianceCode(userId, reply);
  return code ?? reply.code(503).send({ error: 'No code now. Ask again later.' });
});

/** A new session, so that an id known from before the login is worth nothing. */
async function startSession(request: FastifyRequest, userId: string): Promise<void> {
  await request.session.regenerate();
  request.session.userId = userId;
}

await fastify.listen({ port: Number(PORT) });
