import { setupServer } from 'msw/node';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { userLinkHandlers } from 'sentiance-user-link/testing/msw';
import { login } from './login';

const emulator = new SentianceEmulator();
const server = setupServer(...userLinkHandlers({ emulator }));
const client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, region: 'in' });

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterEach(() => emulator.reset());
afterAll(() => server.close());

test('the app gets a code of its region', async () => {
  const { sentiance } = await login('user-1', client, () => {});

  expect(sentiance?.platformUrl).toBe('https://api.r16.sentiance.com');
  expect(emulator.requests).toMatchObject([{ externalId: 'user-1', status: 200 }]);
});

test('a refused key is seen by its class', async () => {
  const alerts: string[] = [];
  emulator.failNext({ type: 'status', status: 401 });

  const { sentiance } = await login('user-1', client, (message) => alerts.push(message));

  expect(sentiance).toBeNull();
  expect(alerts).toEqual(['Renew the API key (401)']);
});
