import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pino } from 'pino';
import { FakeUserLinkClient } from 'sentiance-user-link/testing';
import request from 'supertest';
import { makeApp } from './app.js';

test('signs up without a code when Sentiance is down; the app asks again and gets one', async () => {
  const sentiance = new FakeUserLinkClient().failNext('server_error');
  const logger = pino({ enabled: false });
  const phone = request.agent(makeApp({ sentiance, logger, sessionSecret: 'test-secret' }));

  const credentials = { email: 'user-1@example.com', password: 'correct horse' };
  const signup = await phone.post('/signup').send(credentials).expect(201);
  assert.deepEqual(signup.body, { email: 'user-1@example.com', sentiance: null });

  const code = await phone.get('/sentiance/code').expect(200);
  assert.equal(code.body.authenticationCode, 'fake-code-1');

  const [atSignup, askedAgain] = sentiance.calls;
  assert.equal(askedAgain?.externalId, atSignup?.externalId);
  assert.equal(atSignup?.options?.signal?.aborted, false);
});
