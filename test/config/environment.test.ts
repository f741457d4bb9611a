import { expect, test, vi } from 'vitest';
import {
  configurationError,
  construct,
  failureOf,
  startWithoutEnvironment,
} from '../support/refusals.js';

startWithoutEnvironment();

const throwing = () => {
  throw new Error('no permission to read the environment');
};

test.each<[string, unknown]>([
  ['has no process', undefined],
  ['has a process without an environment', {}],
  ['refuses to give its environment', Object.defineProperty({}, 'env', { get: throwing })],
  // As Deno does without --allow-env.
  [
    'refuses to give a variable',
    { env: new Proxy({}, { get: throwing, getOwnPropertyDescriptor: throwing }) },
  ],
])('Only the key must be passed where the runtime %s', async (_, process) => {
  vi.stubGlobal('process', process);
  const error = await failureOf(() => construct());
  const client = construct({ apiKey: 'test-user-link-key' });
  vi.unstubAllGlobals();

  expect(error).toMatchObject(configurationError(expect.stringContaining('apiKey is missing.')));
  expect(client.region).toBe('eu');
});
