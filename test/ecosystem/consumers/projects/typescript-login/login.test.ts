/** Runs in Jest and in Vitest alike, with their global functions. */
import { SentianceTimeoutError, SentianceUserLinkClient } from 'sentiance-user-link';
import { FakeUserLinkClient, SentianceEmulator, sentianceError } from 'sentiance-user-link/testing';
import { login } from './login';

let alerts: string[];
const alert = (message: string) => void alerts.push(message);

beforeEach(() => {
  alerts = [];
});

describe('with the fake', () => {
  const fake = new FakeUserLinkClient();
  afterEach(() => fake.reset());

  test('the app gets a code', async () => {
    const response = await login('user-1', fake, alert);

    expect(response.session).toBe('session of user-1');
    expect(response.sentiance).toEqual({
      authenticationCode: 'fake-code-1',
      expiresAt: expect.any(Date),
      platformUrl: 'https://api.sentiance.com',
    });
    expect(fake.calls).toEqual([{ externalId: 'user-1' }]);
  });

  test('a refused key is seen by its class', async () => {
    fake.failNext('unauthorized');

    expect(await login('user-1', fake, alert)).toEqual({
      session: 'session of user-1',
      sentiance: null,
    });
    expect(alerts).toEqual(['Renew the API key (401)']);
    expect((await login('user-1', fake, alert)).sentiance).not.toBeNull();
  });

  test('another fault of the setup is seen by its action', async () => {
    fake.failWith('forbidden');

    await login('user-1', fake, alert);

    expect(alerts).toEqual(['api.sentiance.com does not let this API key link users (403).']);
  });

  test('a rate limit is seen by its code', async () => {
    fake.failWith(sentianceError('rate_limited', { retryAfter: 5_000 }));

    expect(await login('user-1', fake, alert)).toMatchObject({ askAgainAfter: 5_000 });
    expect(alerts).toEqual([]);
  });

  test('a call that throws, throws the real class', async () => {
    fake.failWith('timeout');

    await expect(fake.createAuthenticationCode('user-1')).rejects.toThrow(SentianceTimeoutError);
    await expect(fake.createAuthenticationCode('user-1')).rejects.toBeInstanceOf(Error);
  });
});

describe('with the emulator', () => {
  const emulator = new SentianceEmulator();
  let client: SentianceUserLinkClient;

  beforeAll(async () => {
    const baseUrl = await emulator.listen();
    client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl, maxRetries: 0 });
  });
  afterEach(() => emulator.reset());
  afterAll(() => emulator.close());

  test('the app gets a code that makes a user, and at the next login restores them', async () => {
    const { sentiance: first } = await login('user-1', client, alert);
    const { sentiance: second } = await login('user-1', client, alert);

    const created = emulator.createUser(first?.authenticationCode ?? '', { id: 'phone-1' });
    const restored = emulator.createUser(second?.authenticationCode ?? '', { id: 'phone-2' });
    expect(created.restored).toBe(false);
    expect(restored).toMatchObject({ restored: true, userId: created.userId });
  });

  test('a refused key is seen by its class', async () => {
    const stranger = new SentianceUserLinkClient({ apiKey: 'wrong-key', baseUrl: emulator.url });

    const response = await login('user-1', stranger, alert);

    expect(response.sentiance).toBeNull();
    expect(alerts).toEqual(['Renew the API key (401)']);
  });

  test('another fault of the setup is seen by its action', async () => {
    emulator.failNext({ type: 'html' });

    await login('user-1', client, alert);

    expect(alerts).toEqual([expect.stringContaining('its body is not a JSON object')]);
  });

  test('a rate limit is seen by its code', async () => {
    emulator.failNext({ type: 'status', status: 429, retryAfter: 7 });

    expect(await login('user-1', client, alert)).toMatchObject({ askAgainAfter: 7_000 });
  });

  test('a lost connection passes', async () => {
    emulator.failNext({ type: 'disconnect' });

    expect(await login('user-1', client, alert)).toMatchObject({ askAgainAfter: 60_000 });
    expect(alerts).toEqual([]);
  });

  test('a response lost once is asked for again', async () => {
    const patient = new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl: emulator.url });
    emulator.failNext({ type: 'lost_response' });

    expect((await login('user-1', patient, alert)).sentiance).not.toBeNull();
    expect(emulator.requests).toHaveLength(2);
  });

  test("the caller's own signal and a URL object are taken", async () => {
    const ended = new SentianceUserLinkClient({
      apiKey: emulator.apiKey,
      baseUrl: new URL(emulator.url),
    });

    const result = await ended.tryCreateAuthenticationCode('user-1', {
      signal: AbortSignal.abort(),
    });

    expect(result).toMatchObject({ ok: false, error: { code: 'aborted' } });
  });
});
