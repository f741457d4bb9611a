import { finished } from 'node:stream';
import type { FastifyReply } from 'fastify';
import fp from 'fastify-plugin';
import {
  type AuthenticationCode,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from 'sentiance-user-link';

declare module 'fastify' {
  interface FastifyInstance {
    /** A code for the user, or `null` when there is none now. Never rejects. */
    sentianceCode(userId: string, reply: FastifyReply): Promise<AuthenticationCode | null>;
  }
}

// sentiance-user-link: the client is made once, at boot, where a missing key is an error. Whoever
// logs in is let in with or without a code, within 1.5 seconds, and the app can ask again later.
// That the app has gone away is read from the reply: `request.signal` does not tell once the body
// has been read (fastify/fastify#6725).
export default fp<SentianceUserLinkClientOptions>(
  async (fastify, options) => {
    const sentiance = new SentianceUserLinkClient({ timeout: 1_500, ...options });

    fastify.decorate('sentianceCode', async (userId: string, reply: FastifyReply) => {
      const gone = new AbortController();
      finished(reply.raw, () => gone.abort());
      const result = await sentiance.tryCreateAuthenticationCode(userId, { signal: gone.signal });
      if (result.ok) return result.value;
      const level = result.error.action === 'alert' ? 'error' : 'warn';
      reply.log[level]({ err: result.error }, 'No Sentiance code');
      return null;
    });
  },
  { name: 'sentiance', fastify: '5.x' },
);
