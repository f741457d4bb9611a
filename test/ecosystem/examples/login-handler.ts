/** An example as a process of its own, over HTTP, with an emulator as the platform. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Check } from '../shared/run-matrix.js';
import type { Example } from './examples.js';
import { takeSteps } from './steps.js';
import { ExampleProcess } from './support/example-process.js';
import { type AppResponse, Phone } from './support/phone.js';
import { WatchedEmulator } from './support/watched-emulator.js';

/** The examples wait 1500 ms for a code; the rest is for hashing and a busy machine. */
const IN_TIME = 1_500 + 2_000;
/** The request of a login, and its hedge. */
const BOTH_ATTEMPTS = 2;

const SESSION_SECRET = 'a-session-secret-for-tests-of-some-length';
const USER = { email: 'user-1@example.com', password: 'correct horse battery staple' };

/** Asks an example, which is installed and built in a folder, as an app would. */
export async function checkLoginHandler(
  example: Example,
  folder: string,
): Promise<readonly Check[]> {
  const emulator = new WatchedEmulator();
  const secrets = new Set([emulator.apiKey, SESSION_SECRET, USER.password]);
  const phones: Phone[] = [];
  const environment = { SESSION_SECRET, SENTIANCE_APP_ID: 'test-app', PORT: '0' };
  const key = { SENTIANCE_USER_LINK_API_KEY: emulator.apiKey };
  let app: ExampleProcess | undefined;
  let url = '';

  await emulator.listen();
  try {
    return await takeSteps('over HTTP', {
      'says at boot that the API key is missing': async () => {
        const keyless = new ExampleProcess(folder, environment);
        await keyless.waitForLine(/apiKey is missing\. .*SENTIANCE_USER_LINK_API_KEY/);
        await keyless.stop();
      },

      starts: async () => {
        const baseUrl = { SENTIANCE_BASE_URL: emulator.url };
        app = new ExampleProcess(folder, { ...environment, ...key, ...baseUrl });
        url = await app.url();
      },

      'gives a code at signup, which makes a Sentiance user': async () => {
        const phone = newPhone('phone-1');
        const response = await phone.post('/signup', USER);
        assert.equal(response.status, 201);
        assert.equal(response.body.email, USER.email);
        assert.deepEqual(redeem(phone, response.body.sentiance), { restored: false, active: true });
      },

      'gives a code at login, which restores the user on another phone': async () => {
        const phone = newPhone('phone-2');
        const response = await phone.post('/login', USER);
        assert.equal(response.status, 200);
        assert.deepEqual(redeem(phone, response.body.sentiance), { restored: true, active: true });
        assert.equal(emulator.users.length, 1);
      },

      'refuses a wrong password, a taken address and half a body without asking the platform':
        async () => {
          const phone = newPhone('phone-3');
          const before = emulator.requests.length;
          const wrong = await phone.post('/login', { ...USER, password: 'wrong horse' });
          const unknown = await phone.post('/login', { ...USER, email: 'nobody@example.com' });
          const taken = await phone.post('/signup', USER);
          const half = await phone.post('/signup', { email: 'half@example.com' });
          assert.deepEqual(
            [wrong, unknown, taken, half].map(({ status }) => status),
            [401, 401, 409, 400],
          );
          assert.equal(emulator.requests.length, before);
        },

      'gives a code when the app asks again, but only to who has logged in': async () => {
        const phone = newPhone('phone-4');
        const before = emulator.requests.length;
        assert.equal((await phone.get(example.codePath)).status, 401);
        assert.equal(emulator.requests.length, before);

        await logIn(phone);
        const response = await phone.get(example.codePath);
        assert.equal(response.status, 200);
        assert.deepEqual(redeem(phone, response.body), { restored: true, active: true });
      },

      'logs in without a code when the platform is down, and gives one when it is back':
        async () => {
          const phone = newPhone('phone-5');
          const { port } = new URL(emulator.url);
          await emulator.close();
          assertNoCode(await phone.post('/login', USER));
          assert.equal((await phone.get(example.codePath)).status, 503);
          await started().waitForLine(logged('connection_failed', 'warn'));

          await emulator.listen({ port: Number(port) });
          const response = await phone.get(example.codePath);
          assert.equal(response.status, 200);
          assert.deepEqual(redeem(phone, response.body), { restored: true, active: true });
        },

      'signs up without a code, and in time, when the platform hangs': async () => {
        const phone = newPhone('phone-6');
        emulator.failNext({ type: 'hang' }, BOTH_ATTEMPTS);
        const response = await phone.post('/signup', { ...USER, email: 'user-2@example.com' });
        assertNoCode(response, 201);
        await started().waitForLine(logged('timeout', 'warn'));
      },

      'logs in without a code, and in time, when the platform hangs': async () => {
        emulator.failNext({ type: 'hang' }, BOTH_ATTEMPTS);
        assertNoCode(await newPhone('phone-7').post('/login', USER));
      },

      'logs in with a code, and in time, when one request to the platform hangs': async () => {
        emulator.failNext({ type: 'hang' });
        await logIn(newPhone('phone-8'));
      },

      'logs in without a code when the platform refuses the key, and logs an error': async () => {
        emulator.failNext({ type: 'status', status: 401 });
        assertNoCode(await newPhone('phone-9').post('/login', USER));
        await started().waitForLine(logged('unauthorized', 'error'));
      },

      'ends the request to the platform when the app goes away in the middle of a login':
        async () => {
          emulator.failNext({ type: 'hang' });
          const asked = emulator.nextRequest();
          const gone = new AbortController();
          const login = newPhone('phone-10').post('/login', USER, gone.signal);
          const request = await asked;
          const closed = once(request.signal, 'abort', { signal: AbortSignal.timeout(5_000) });
          gone.abort();
          await assert.rejects(login, { name: 'AbortError' });
          await closed;
          // Not 'timeout': it was the app's going away that ended it.
          await started().waitForLine(logged('aborted', 'warn'));
          await logIn(newPhone('phone-11'));
        },

      'has written no secret and no id to its log': async () => {
        await started().stop();
        for (const { externalId } of emulator.requests) secrets.add(String(externalId));
        for (const cookie of phones.flatMap(({ cookies }) => cookies)) secrets.add(cookie);
        // The key, the session secret, the password; two users; codes and sessions.
        assert.ok(secrets.size >= 3 + 2 + 5 + 5);
        const leaks = [...secrets].filter((secret) => started().output.includes(secret));
        assert.deepEqual(leaks, []);
      },
    });
  } finally {
    await app?.stop();
    await emulator.close();
  }

  function started(): ExampleProcess {
    assert.ok(app, 'the example did not start');
    return app;
  }

  function newPhone(id: string): Phone {
    assert.ok(url, 'the example listens nowhere');
    const phone = new Phone(id, url);
    phones.push(phone);
    return phone;
  }

  async function logIn(phone: Phone): Promise<void> {
    const { status, body, duration } = await phone.post('/login', USER);
    assert.equal(status, 200);
    readCode(body.sentiance);
    assertInTime(duration);
  }

  function readCode(response: unknown): string {
    const { code, platformUrl } = example.readCode(response);
    assert.equal(platformUrl, emulator.url);
    secrets.add(code);
    return code;
  }

  /** What the SDK on the phone does with the code. */
  function redeem(phone: Phone, response: unknown): { restored: boolean; active: boolean } {
    const { restored, active } = emulator.createUser(readCode(response), { id: phone.id });
    return { restored, active };
  }
}

/** Somebody was let in, in time, and without a code. */
function assertNoCode({ status, body, duration }: AppResponse, expected = 200): void {
  assert.equal(status, expected);
  assert.equal(body.sentiance, null);
  assertInTime(duration);
}

function assertInTime(duration: number): void {
  assert.ok(duration < IN_TIME, `it took ${Math.round(duration)} ms`);
}

/** A line of pino's that holds an error of ours. */
function logged(code: string, level: 'warn' | 'error'): RegExp {
  return new RegExp(`^\\{"level":${level === 'warn' ? 40 : 50},.*"code":"${code}"`);
}
