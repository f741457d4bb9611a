/** What a user of plain JavaScript can pass, whom no compiler stops, and how it must be refused. */
import { beforeEach, expect, vi } from 'vitest';
import { type AuthenticationCode, SentianceUserLinkClient } from '../../src/index.js';
import { expectNoCanary } from './canaries.js';
import { codeResponse, respondInTurn } from './in-memory-fetch.js';

/** Values that are of the wrong kind for every option but a string, and what messages call them. */
export const WRONG_KINDS: [string, unknown][] = [
  ['null', null],
  ['a string', '1'],
  ['a bigint', 1n],
  ['a symbol', Symbol('1')],
  ['an array', [1]],
  ['a Date', new Date(1)],
  ['an object', { valueOf: () => 1 }],
];

/** A row for a value that messages call by its title. */
export const NUMBER: [string, unknown] = ['a number', 1];
export const BOOLEAN: [string, unknown] = ['a boolean', true];
export const FUNCTION: [string, unknown] = ['a function', () => 1];

/** Every test of the file starts without a variable of ours, and with a global `fetch` that fails. */
export function startWithoutEnvironment(): void {
  beforeEach(() => {
    vi.stubGlobal('fetch', respondInTurn());
    for (const name of ['USER_LINK_API_KEY', 'REGION', 'BASE_URL']) {
      vi.stubEnv(`SENTIANCE_${name}`, undefined);
    }
  });
}

/** What a client with these options sends with its first request. */
export async function requestOf(options: object, externalId = 'user-1') {
  const fetch = respondInTurn(codeResponse());
  await requestCode(construct({ ...options, fetch }), externalId);
  const [url, init] = fetch.mock.calls[0] ?? [];
  return { url, authorization: init?.headers.Authorization, body: init?.body };
}

/** `new SentianceUserLinkClient(…)` with any argument at all. */
export function construct(...args: unknown[]): SentianceUserLinkClient {
  return Reflect.construct(SentianceUserLinkClient, args);
}

/** `client.createAuthenticationCode(…)` with any arguments at all. */
export function requestCode(
  client: SentianceUserLinkClient,
  ...args: unknown[]
): Promise<AuthenticationCode> {
  return Reflect.apply(client.createAuthenticationCode, client, args);
}

/** What `action` throws or rejects with; a test that expects a failure fails when there is none. */
export async function failureOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
  } catch (thrown) {
    return thrown;
  }
  throw new Error('Expected a failure, but there was none.');
}

/** The whole of a configuration error, for `toMatchObject`. */
export function configurationError(message: string) {
  return {
    name: 'SentianceConfigurationError',
    code: 'invalid_configuration',
    action: 'alert',
    attempts: 0,
    message,
  };
}

/** Passes when `action` fails with this configuration error, in which no secret can be seen. */
export async function expectRefusal(action: () => unknown, message: string): Promise<void> {
  const error = await failureOf(action);
  expect(error).toMatchObject(configurationError(message));
  expectNoCanary(error);
}

/** A proxy that throws at whatever is done with it, as one that its owner has revoked. */
export function revokedProxy(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}
