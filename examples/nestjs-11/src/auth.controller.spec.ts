import { Test } from '@nestjs/testing';
import { FakeUserLinkClient } from 'sentiance-user-link/testing';
import request from 'supertest';
import { AppModule } from './app.module';
import { USER_LINK_CLIENT } from './sentiance.module';

test('signs up without a code when Sentiance is down; the app asks again and gets one', async () => {
  process.env.SESSION_SECRET = 'test-secret';
  const sentiance = new FakeUserLinkClient().failNext('server_error');
  const testing = await Test.createTestingModule({ imports: [AppModule] })
    .overrideProvider(USER_LINK_CLIENT)
    .useValue(sentiance)
    .compile();
  const app = testing.createNestApplication({ logger: false });
  await app.init();
  const phone = request.agent(app.getHttpServer());

  const credentials = { email: 'user-1@example.com', password: 'correct horse' };
  const signup = await phone.post('/signup').send(credentials).expect(201);
  expect(signup.body).toEqual({ email: 'user-1@example.com', sentiance: null });

  const code = await phone.get('/sentiance/code').expect(200);
  expect(code.body).toMatchObject({ authenticationCode: 'fake-code-1' });

  const [atSignup, askedAgain] = sentiance.calls;
  expect(askedAgain?.externalId).toBe(atSignup?.externalId);
  expect(atSignup?.options?.signal?.aborted).toBe(false);
  await app.close();
});
