'use strict';

const pino = require('pino');
const { FakeUserLinkClient } = require('sentiance-user-link/testing');
const request = require('supertest');
const { makeApp } = require('./app');

test('signs up without a code when Sentiance is down; the app asks again and gets one', async () => {
  const sentiance = new FakeUserLinkClient().failNext('server_error');
  const logger = pino({ enabled: false });
  const phone = request.agent(
    makeApp({ sentiance, sentianceAppId: 'test-app', logger, sessionSecret: 'test-secret' }),
  );

  const credentials = { email: 'user-1@example.com', password: 'correct horse' };
  const signup = await phone.post('/signup').send(credentials).expect(201);
  expect(signup.body).toEqual({ email: 'user-1@example.com', sentiance: null });

  const code = await phone.get('/auth/code').expect(200);
  expect(code.body).toEqual({
    app_id: 'test-app',
    auth_code: 'fake-code-1',
    platform_url: 'https://api.sentiance.com',
  });

  const [atSignup, askedAgain] = sentiance.calls;
  expect(askedAgain.externalId).toBe(atSignup.externalId);
  expect(atSignup.options.signal.aborted).toBe(false);
});
