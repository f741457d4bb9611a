'use strict';

const pino = require('pino');
const { SentianceUserLinkClient } = require('sentiance-user-link');
const { makeApp } = require('./app');

const {
  PORT = '3000',
  SENTIANCE_APP_ID: sentianceAppId,
  SESSION_SECRET: sessionSecret,
} = process.env;
if (!sentianceAppId) throw new Error('Set SENTIANCE_APP_ID.');
if (!sessionSecret) throw new Error('Set SESSION_SECRET.');

const logger = pino();

// Once, at boot, where a missing key is an error: it reads SENTIANCE_USER_LINK_API_KEY, and
// SENTIANCE_REGION or SENTIANCE_BASE_URL. A login waits for a code for 1.5 seconds at most.
const sentiance = new SentianceUserLinkClient({ timeout: 1_500 });

const app = makeApp({ sentiance, sentianceAppId, logger, sessionSecret });
const server = app.listen(PORT, () => {
  logger.info(`Listening on http://localhost:${server.address().port}`);
});
