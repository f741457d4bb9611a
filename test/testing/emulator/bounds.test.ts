/** However many ask, and whatever they send: what the emulator keeps is bounded. */
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, test } from 'vitest';
import { IssuedCodes } from '../../../src/testing/emulator/issued-codes.js';
import { LinkedUsers } from '../../../src/testing/emulator/linked-users.js';
import { AUTH_CODE_PATH, issueCode } from '../../support/emulator.js';

interface State {
  codes: { id: number; code: string; externalId: string; state: string }[];
  requests: { id: number; path: string; externalId?: string }[];
  users: { externalId: string }[];
}

async function stateOf(emulator: SentianceEmulator): Promise<State> {
  const response = await emulator.handle(new Request('http://localhost/_emulator/state'));
  const state: Partial<State> = Object(await response.json());
  const { codes = [], requests = [], users = [] } = state;
  return { codes, requests, users };
}

const newEmulator = () => new SentianceEmulator({ controlRoutes: true });

describe('requests', () => {
  test('are the last thousand, numbered on', async () => {
    const emulator = newEmulator();
    for (let n = 0; n < 1_001; n += 1) {
      await emulator.handle(new Request(`http://localhost/${n}`));
    }

    expect(emulator.requests).toHaveLength(1_000);
    expect(emulator.requests[0]).toMatchObject({ path: '/1' });
    expect((await stateOf(emulator)).requests.at(-1)).toMatchObject({ id: 1_001, path: '/1000' });
  });

  test('keep 256 characters of an id and of a path, with no key needed to try', async () => {
    const emulator = newEmulator();
    const long = 'i'.repeat(257);
    for (const [path, id] of [
      [AUTH_CODE_PATH, long],
      [AUTH_CODE_PATH, 'i'.repeat(256)],
      [`/${long}`, 'i'],
    ]) {
      const body = JSON.stringify({ external_id: id });
      await emulator.handle(new Request(`http://localhost${path}`, { method: 'POST', body }));
    }

    expect(emulator.requests).toMatchObject([
      { status: 401, externalId: `${'i'.repeat(255)}…` },
      { status: 401, externalId: 'i'.repeat(256) },
      { status: 404, path: `/${'i'.repeat(254)}…` },
    ]);
  });
});

describe('codes', () => {
  test('are forgotten an hour after they expired', async () => {
    const emulator = newEmulator();
    await issueCode(emulator, 'user-1');

    emulator.advance(11 * 60_000);
    expect((await stateOf(emulator)).codes).toMatchObject([{ state: 'expired' }]);
    emulator.advance(60 * 60_000);
    expect((await stateOf(emulator)).codes).toEqual([]);
  });

  test('are the last 10,000; the last thousand are listed', () => {
    const codes = new IssuedCodes();
    const request = { externalId: 'user-1', platform: 'http://localhost', now: 0, lifetime: 1 };
    const issued = Array.from({ length: 10_001 }, () => codes.issue(request).code);

    const listed = codes.list(0);
    expect([listed.length, listed[0]?.id, listed.at(-1)?.id]).toEqual([1_000, 9_002, 10_001]);
    expect(issued.slice(0, 2).map((code) => codes.find(code)?.id)).toEqual([undefined, 2]);
  });

  test('of long ids are told apart by the whole id, of which a part is kept', async () => {
    const emulator = newEmulator();
    const ids = [`${'i'.repeat(40_000)}1`, `${'i'.repeat(40_000)}2`, `${'i'.repeat(40_000)}1`];
    const restored: boolean[] = [];
    for (const [n, id] of ids.entries()) {
      const { authenticationCode } = await issueCode(emulator, id);
      restored.push(emulator.createUser(authenticationCode, { id: `phone-${n}` }).restored);
    }

    expect(restored).toEqual([false, false, true]);
    const { codes, users } = await stateOf(emulator);
    for (const { externalId } of [...codes, ...users]) {
      expect(externalId).toBe(`${'i'.repeat(255)}…`);
    }
  });
});

describe('devices', () => {
  test('have ids of at most 256 characters', () => {
    expect(() => newEmulator().createUser('code', { id: 'd'.repeat(257) })).toThrow(
      new TypeError('createUser: device.id must have at most 256 characters.'),
    );
  });

  test('are at most 10,000', () => {
    const users = new LinkedUsers();
    const owner = { userKey: 'user-1', externalId: 'user-1' };
    const login = (n: number) => users.link(owner, { id: `phone-${n}`, type: 'phone' }, 0);
    for (let n = 0; n < 10_000; n += 1) login(n);

    expect(() => login(10_000)).toThrow('SERVER_ERROR: the emulator is full. Reset it.');
    users.resetDevice('phone-0');
    expect(login(10_000)).toMatchObject({ active: true });
  });
});
