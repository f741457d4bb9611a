/** What a user of plain JavaScript can pass, whom no compiler stops, and how it must be refused. */
import { expect } from 'vitest';
import { type AuthenticationCode, SentianceUserLinkClient } from '../../src/index.js';
import { expectNoCanary } from './canaries.js';

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
