import assert from 'node:assert/strict';
import { test } from 'node:test';
import Fastify from 'fastify';
import { FakeUserLinkClient } from 'sentiance-user-link/testing';
import { app } from './app.js';

test('signs up without a code when Sentiance is down; the app asks again and gets one', async () => {
  const sentiance = new FakeUserLinkClient().failNext('server_error');
  const fastify = Fastify();
  await fastify.register(app, {
    sentiance,
    sessionSecret: 'a-test-secret-of-32-characters-or-more',
  });

  const body = { email: 'user-1@example.com', password: 'correct horse' };
  const signup = await fastify.inject().post('/signup').body(body);
  assert.equal(signup.statusCode, 201);
  assert.deepEqual(signup.json(), { email: 'user-1@example.com', sentiance: null });

  const [cookie] = signup.cookies;
  assert.ok(cookie);
  const code = await fastify
    .inject()
    .get('/sentiance/code')
    .cookies({ [cookie.name]: cookie.value });
  assert.equal(code.statusCode, 200);
  assert.equal(code.json().authenticationCode, 'fake-code-1');

  const [atSignup, askedAgain] = sentiance.calls;
  assert.equal(askedAgain?.externalId, atSignup?.externalId);
  assert.equal(atSignup?.options?.signal?.aborted, false);
});
