import assert from 'node:assert/strict';
import { before, beforeEach, describe, it } from 'node:test';
import { ServiceUnavailableException } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import { Cookie } from 'express-session';
import { FakeUserLinkClient } from 'sentiance-user-link/testing';
import { AppModule } from './app.module';
import { AuthController } from './auth.controller';
import { USER_LINK_CLIENT } from './sentiance.module';

describe('AuthController', () => {
  const fake = new FakeUserLinkClient();
  const session = { cookie: new Cookie(), userId: 'user-1001' };
  const { signal } = new AbortController();
  let controller: AuthController;

  before(async () => {
    const testing = await Test.createTestingModule({ imports: [AppModule] })
      .overrideProvider(USER_LINK_CLIENT)
      .useValue(fake)
      .compile();
    controller = testing.get(AuthController);
  });

  beforeEach(() => fake.reset());

  it('asks the fake client for a code for the user of the session, and passes the signal on', async () => {
    const code = await controller.code(session, signal);
    assert.equal(code.authenticationCode, 'fake-code-1');
    assert.deepEqual(fake.calls, [{ externalId: 'user-1001', options: { signal } }]);
  });

  it('responds 503 when the fake client has no code', async () => {
    fake.failNext('timeout');
    await assert.rejects(controller.code(session, signal), ServiceUnavailableException);
    assert.equal((await controller.code(session, signal)).authenticationCode, 'fake-code-1');
  });
});
