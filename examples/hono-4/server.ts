import { serve } from '@hono/node-server';
import { pino } from 'pino';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { makeApp } from './app.js';

const { PORT = '3000', SESSION_SECRET: sessionSecret } = process.env;
if (!sessionSecret) throw new Error('Set SESSION_SECRET.');

const logger = pino();

// Once, at boot, where a missing key is an error: it reads SENTIANCE_USER_LINK_API_KEY, and
// SENTIANCE_REGION or SENTIANCE_BASE_URL. A login waits for a code for 1.5 seconds at most.
const sentiance = new SentianceUserLinkClient({ timeout: 1_500 });

const { fetch } = makeApp({ sentiance, logger, sessionSecret });
serve({ fetch, port: Number(PORT) }, ({ port }) => {
  logger.info(`Listening on http://localhost:${port}`);
});
