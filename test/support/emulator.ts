/** Emulators for tests, codes of theirs, and requests that no client would send. */
import type { AuthenticationCode } from 'sentiance-user-link';
import { SentianceEmulator, type SentianceEmulatorOptions } from 'sentiance-user-link/testing';
import { onTestFinished } from 'vitest';
import { clientOf, UNUSED_URL } from './calls.js';

/** An emulator on a free port, closed when the test is over. */
export async function startEmulator(
  options?: SentianceEmulatorOptions,
): Promise<SentianceEmulator> {
  const emulator = new SentianceEmulator(options);
  onTestFinished(() => emulator.close());
  await emulator.listen();
  return emulator;
}

/** A code from an emulator that need not listen, as the real client gives it. */
export function issueCode(
  emulator: SentianceEmulator,
  externalId: string,
): Promise<AuthenticationCode> {
  const client = clientOf(UNUSED_URL, {
    apiKey: emulator.apiKey,
    fetch: (url, init) => emulator.handle(new Request(url, init)),
  });
  return client.createAuthenticationCode(externalId);
}

/** Sends a request to a path of the emulator. */
export type Send = (path: string, init?: RequestInit) => Promise<Response>;

/** The ways to an emulator: over HTTP, when it listens, and by a call. */
export const DOORS: readonly (readonly [string, (emulator: SentianceEmulator) => Promise<Send>])[] =
  [
    [
      'over HTTP',
      async (emulator) => {
        onTestFinished(() => emulator.close());
        const url = await emulator.listen();
        return (path, init) => fetch(url + path, init);
      },
    ],
    [
      'through handle()',
      async (emulator) => (path, init) =>
        emulator.handle(new Request(`http://emulator.invalid${path}`, init)),
    ],
  ];

/** What a request for a code is made of, to be sent whole or with a part exchanged. */
export const GOOD_HEADERS = {
  Authorization: 'Bearer test-user-link-key',
  'Content-Type': 'application/json',
} as const;

export const GOOD_REQUEST = {
  method: 'POST',
  headers: GOOD_HEADERS,
  body: '{"external_id":"user-1"}',
} as const;

export const AUTH_CODE_PATH = '/users/auth-code';
