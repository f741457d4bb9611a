import type { AuthenticationCode, FetchInit } from 'sentiance-user-link';
import { CreateUserError, SentianceEmulator } from 'sentiance-user-link/testing';
import { describe, expect, test } from 'vitest';
import { clientOf } from '../../support/calls.js';
import { AUTH_CODE_PATH, GOOD_REQUEST, issueCode, startEmulator } from '../../support/emulator.js';

const PHONE = { id: 'phone-1', type: 'phone' } as const;
const OTHER_PHONE = { id: 'phone-2', type: 'phone' } as const;
const TABLET = { id: 'tablet-1', type: 'tablet' } as const;
const OTHER_TABLET = { id: 'tablet-2', type: 'tablet' } as const;

type Device = Parameters<SentianceEmulator['createUser']>[1];

/** What happens at a login: the backend asks for a code, and the app redeems it on its device. */
async function login(emulator: SentianceEmulator, externalId: string, device: Device) {
  const { authenticationCode } = await issueCode(emulator, externalId);
  return emulator.createUser(authenticationCode, device);
}

/** `emulator.createUser(…)` with any arguments at all; gives what it throws. */
function createUserError(emulator: SentianceEmulator, ...args: unknown[]): unknown {
  try {
    Reflect.apply(emulator.createUser, emulator, args);
  } catch (thrown) {
    return thrown;
  }
  throw new Error('Expected a failure, but there was none.');
}

/** The whole of the error that `createUser` throws on the device. */
function failure(reason: string, message: string) {
  return { name: 'CreateUserError', reason, message: `${reason}: ${message}` };
}

const USER_ALREADY_EXISTS = failure(
  'USER_ALREADY_EXISTS',
  'the device has a user already. Reset the SDK at logout, before another user logs in.',
);

function badCode(problem: string) {
  return failure(
    'SERVER_ERROR',
    `the authentication code ${problem}. Ask the backend for a new one.`,
  );
}

describe('the first code of an external id', () => {
  test('makes a user, active on the device', async () => {
    const emulator = new SentianceEmulator();

    const created = await login(emulator, 'user-1', PHONE);

    expect(created).toEqual({
      userId: expect.stringMatching(/^[\da-f]{24}$/),
      restored: false,
      active: true,
    });
    expect(emulator.users).toEqual([
      { userId: created.userId, externalId: 'user-1', activeDevice: PHONE, devices: [PHONE] },
    ]);
  });

  test('makes one on a tablet too', async () => {
    const emulator = new SentianceEmulator();

    expect(await login(emulator, 'user-1', TABLET)).toMatchObject({
      restored: false,
      active: true,
    });
    expect(emulator.users).toMatchObject([{ activeDevice: TABLET, devices: [TABLET] }]);
  });

  test('makes another user for another external id, however alike', async () => {
    const emulator = new SentianceEmulator();
    const ids = ['user-1', 'USER-1', ' user-1', 'user-1 ', '__proto__', '\u00e9', 'e\u0301'];

    const created = await Promise.all(
      ids.map((externalId, n) => login(emulator, externalId, { id: `phone-${n}` })),
    );

    expect(created.every(({ restored }) => !restored)).toBe(true);
    expect(new Set(created.map(({ userId }) => userId)).size).toBe(ids.length);
    expect(emulator.users.map(({ externalId }) => externalId)).toEqual(ids);
  });

  test('makes a user when it is redeemed, in the order of redeeming', async () => {
    const emulator = new SentianceEmulator();
    const first = await issueCode(emulator, 'user-1');
    const second = await issueCode(emulator, 'user-2');
    emulator.createUser(second.authenticationCode, PHONE);
    expect(emulator.users.map(({ externalId }) => externalId)).toEqual(['user-2']);

    emulator.createUser(first.authenticationCode, OTHER_PHONE);

    expect(emulator.users.map(({ externalId }) => externalId)).toEqual(['user-2', 'user-1']);
  });
});

describe('restoration', () => {
  test('gives a linked user back on another phone, where it is active now', async () => {
    const emulator = new SentianceEmulator();
    const { userId } = await login(emulator, 'user-1', PHONE);

    expect(await login(emulator, 'user-1', OTHER_PHONE)).toEqual({
      userId,
      restored: true,
      active: true,
    });
    expect(emulator.users).toEqual([
      { userId, externalId: 'user-1', activeDevice: OTHER_PHONE, devices: [PHONE, OTHER_PHONE] },
    ]);
  });

  test('gives it back on the same phone after a reset', async () => {
    const emulator = new SentianceEmulator();
    const { userId } = await login(emulator, 'user-1', PHONE);
    emulator.resetDevice('phone-1');
    expect(emulator.users).toEqual([{ userId, externalId: 'user-1', devices: [] }]);

    expect(await login(emulator, 'user-1', PHONE)).toEqual({
      userId,
      restored: true,
      active: true,
    });
    expect(emulator.users).toHaveLength(1);
  });

  test('is for a code that was issued before the user was there, too', async () => {
    const emulator = new SentianceEmulator();
    const early = await issueCode(emulator, 'user-1');
    const { userId } = await login(emulator, 'user-1', PHONE);

    expect(emulator.createUser(early.authenticationCode, OTHER_PHONE)).toMatchObject({
      userId,
      restored: true,
    });
  });
});

describe('one active device', () => {
  test('is the last one, on a way from phone to phone and back', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    await login(emulator, 'user-1', OTHER_PHONE);
    emulator.resetDevice('phone-1');
    await login(emulator, 'user-1', PHONE);

    expect(emulator.users).toMatchObject([{ activeDevice: PHONE, devices: [OTHER_PHONE, PHONE] }]);
  });

  test('is the phone when a tablet comes: the tablet has the user, but is not active', async () => {
    const emulator = new SentianceEmulator();
    const { userId } = await login(emulator, 'user-1', PHONE);

    expect(await login(emulator, 'user-1', TABLET)).toEqual({
      userId,
      restored: true,
      active: false,
    });
    expect(emulator.users).toMatchObject([{ activeDevice: PHONE, devices: [PHONE, TABLET] }]);
  });

  test('is the phone when it comes after a tablet', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', TABLET);

    expect(await login(emulator, 'user-1', PHONE)).toMatchObject({ restored: true, active: true });
    expect(emulator.users).toMatchObject([{ activeDevice: PHONE, devices: [TABLET, PHONE] }]);
  });

  test('is the last tablet when there is no phone', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', TABLET);

    expect(await login(emulator, 'user-1', OTHER_TABLET)).toMatchObject({ active: true });
    expect(emulator.users).toMatchObject([{ activeDevice: OTHER_TABLET }]);
  });

  test('is a tablet once the phone was reset, or is another phone', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    emulator.resetDevice('phone-1');
    expect(await login(emulator, 'user-1', TABLET)).toMatchObject({ active: true });
    expect(await login(emulator, 'user-1', OTHER_PHONE)).toMatchObject({ active: true });
    expect(emulator.users).toMatchObject([{ activeDevice: OTHER_PHONE }]);
  });

  test('is only asked about for the same user: phones of others do not matter', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);

    expect(await login(emulator, 'user-2', TABLET)).toMatchObject({ active: true });
    expect(emulator.users).toMatchObject([
      { externalId: 'user-1', activeDevice: PHONE, devices: [PHONE] },
      { externalId: 'user-2', activeDevice: TABLET, devices: [TABLET] },
    ]);
  });

  test('is a phone when the type is not said', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', { id: 'phone-1' });

    expect(await login(emulator, 'user-1', TABLET)).toMatchObject({ active: false });
    expect(emulator.users).toMatchObject([{ activeDevice: PHONE }]);
  });
});

describe('one user a device', () => {
  test.each(['user-1', 'user-2'])(
    'refuses %s on a device that has user-1, until it is reset; the code stays good',
    async (externalId) => {
      const emulator = new SentianceEmulator();
      await login(emulator, 'user-1', PHONE);
      const { authenticationCode } = await issueCode(emulator, externalId);
      const before = emulator.users;

      const error = createUserError(emulator, authenticationCode, PHONE);

      expect(error).toBeInstanceOf(CreateUserError);
      expect(error).toMatchObject(USER_ALREADY_EXISTS);
      expect(emulator.users).toEqual(before);
      emulator.resetDevice('phone-1');
      expect(emulator.createUser(authenticationCode, PHONE)).toMatchObject({ active: true });
      expect(emulator.users.at(-1)).toMatchObject({ externalId, activeDevice: PHONE });
    },
  );

  test('is for a device whose user was deactivated, too', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    await login(emulator, 'user-1', OTHER_PHONE);
    const { authenticationCode } = await issueCode(emulator, 'user-2');

    expect(createUserError(emulator, authenticationCode, PHONE)).toMatchObject(USER_ALREADY_EXISTS);
  });

  test('goes before the state of the code, as the SDK looks at its own device first', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);

    expect(createUserError(emulator, 'unknown-code', PHONE)).toMatchObject(USER_ALREADY_EXISTS);
  });
});

describe('resetDevice', () => {
  test('takes the user off the device and leaves its other devices alone', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    await login(emulator, 'user-1', TABLET);

    emulator.resetDevice('tablet-1');
    expect(emulator.users).toMatchObject([{ activeDevice: PHONE, devices: [PHONE] }]);

    emulator.resetDevice('phone-1');
    expect(emulator.users).toEqual([
      { userId: expect.any(String), externalId: 'user-1', devices: [] },
    ]);
  });

  test('makes no other device active', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    await login(emulator, 'user-1', TABLET);
    emulator.resetDevice('phone-1');

    expect(emulator.users).toEqual([
      { userId: expect.any(String), externalId: 'user-1', devices: [TABLET] },
    ]);
  });

  test('does nothing for a device without a user', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    const before = emulator.users;

    emulator.resetDevice('phone-2');

    expect(emulator.users).toEqual(before);
  });
});

describe('an authentication code', () => {
  test('is good once', async () => {
    const emulator = new SentianceEmulator();
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    emulator.createUser(authenticationCode, PHONE);

    expect(createUserError(emulator, authenticationCode, OTHER_PHONE)).toMatchObject(
      badCode('was used already'),
    );
    expect(emulator.users).toMatchObject([{ devices: [PHONE] }]);
  });

  test('is good until it expires', async () => {
    const emulator = new SentianceEmulator({ codeLifetime: 1_000, now: () => 5_000 });
    const first = await issueCode(emulator, 'user-1');
    const second = await issueCode(emulator, 'user-1');
    emulator.advance(999);
    expect(emulator.createUser(first.authenticationCode, PHONE)).toMatchObject({ active: true });

    emulator.advance(1);

    expect(createUserError(emulator, second.authenticationCode, OTHER_PHONE)).toMatchObject(
      badCode('has expired'),
    );
    expect(emulator.users).toMatchObject([{ activeDevice: PHONE, devices: [PHONE] }]);
  });

  test('expires by the clock of the options as well', async () => {
    let now = 5_000;
    const emulator = new SentianceEmulator({ codeLifetime: 1_000, now: () => now });
    const { authenticationCode } = await issueCode(emulator, 'user-1');
    now = 6_000;

    expect(createUserError(emulator, authenticationCode, PHONE)).toMatchObject(
      badCode('has expired'),
    );
    now = 5_999;
    expect(emulator.createUser(authenticationCode, PHONE)).toMatchObject({ active: true });
  });

  test('has to come from the emulator', async () => {
    const emulator = new SentianceEmulator();
    const { authenticationCode } = await issueCode(emulator, 'user-1');

    for (const unknown of ['', authenticationCode.slice(1), authenticationCode.toUpperCase()]) {
      expect(createUserError(emulator, unknown, PHONE)).toMatchObject(
        badCode('was not issued by this emulator, or before its last reset'),
      );
    }
    expect(emulator.users).toEqual([]);
  });

  test('was issued when its response was lost, and does not stand in the way of the next', async () => {
    const emulator = new SentianceEmulator();
    emulator.failNext({ type: 'lost_response' });
    const request = () => new Request(`http://localhost${AUTH_CODE_PATH}`, GOOD_REQUEST);
    expect((await emulator.handle(request())).type).toBe('error');

    expect(await login(emulator, 'user-1', PHONE)).toMatchObject({ restored: false });
    expect(emulator.requests).toMatchObject([
      { externalId: 'user-1', fault: 'lost_response' },
      { externalId: 'user-1', status: 200 },
    ]);
    // The first code is the same in every emulator, so the lost one is known.
    const lost = await issueCode(new SentianceEmulator(), 'anybody');
    expect(emulator.createUser(lost.authenticationCode, OTHER_PHONE)).toMatchObject({
      restored: true,
    });
  });

  test.each([[undefined], [null], [42], [{ authenticationCode: 'code' }]])(
    'is refused as a fault of the test when it is no string: %j',
    (authenticationCode) => {
      const emulator = new SentianceEmulator();

      const error = createUserError(emulator, authenticationCode, PHONE);

      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({
        message: 'createUser: authenticationCode must be a string, the code alone.',
      });
    },
  );
});

describe('a device', () => {
  test.each([[undefined], [null], ['phone-1'], [{}], [{ id: '' }], [{ id: 1 }]])(
    'is refused without an id: %j',
    async (device) => {
      const emulator = new SentianceEmulator();
      const { authenticationCode } = await issueCode(emulator, 'user-1');

      const error = createUserError(emulator, authenticationCode, device);

      expect(error).toBeInstanceOf(TypeError);
      expect(error).toMatchObject({
        message: 'createUser: device.id must be a string that is not empty.',
      });
    },
  );

  test.each(['watch', 'Phone', '', null])('is refused with the type %j', async (type) => {
    const emulator = new SentianceEmulator();
    const { authenticationCode } = await issueCode(emulator, 'user-1');

    const error = createUserError(emulator, authenticationCode, { id: 'device-1', type });

    expect(error).toBeInstanceOf(TypeError);
    expect(error).toMatchObject({
      message: "createUser: device.type must be 'phone' or 'tablet'.",
    });
    expect(emulator.createUser(authenticationCode, PHONE)).toMatchObject({ restored: false });
  });
});

describe('users', () => {
  test('are copies', async () => {
    const emulator = new SentianceEmulator();
    const device: { id: string; type?: 'phone' | 'tablet' } = { id: 'phone-1' };
    await login(emulator, 'user-1', device);
    const before = emulator.users;
    const expected = structuredClone(before);

    device.type = 'tablet';
    await login(emulator, 'user-2', OTHER_PHONE);
    expect(before).toEqual(expected);

    const [user] = before;
    Object.assign(user ?? {}, { externalId: 'somebody else', devices: [] });
    Object.assign(user?.activeDevice ?? {}, { id: 'another' });
    expect(emulator.users[0]).toEqual(expected[0]);
  });

  test('have no reference to each other or to the next copy', async () => {
    const emulator = new SentianceEmulator();
    await login(emulator, 'user-1', PHONE);
    const [user] = emulator.users;
    Object.assign(user?.devices[0] ?? {}, { id: 'another' });

    expect(user?.activeDevice).toEqual(PHONE);
    expect(emulator.users).toMatchObject([{ devices: [PHONE] }]);
  });
});

describe('createUser with a platformUrl', () => {
  const redeem = (emulator: SentianceEmulator, code: AuthenticationCode, platformUrl: string) =>
    emulator.createUser(code.authenticationCode, PHONE, { platformUrl });

  test('finds the code on the platform that it is of, written in whichever way', async () => {
    const emulator = await startEmulator();
    const other = emulator.url.replace('127.0.0.1', 'localhost');
    for (const platformUrl of [emulator.url, `${emulator.url}/`, other]) {
      const code = await clientOf(emulator.url).createAuthenticationCode('user-1');
      expect(redeem(emulator, code, platformUrl)).toMatchObject({ active: true });
      emulator.resetDevice(PHONE.id);
    }
  });

  test('does not find it on another, and leaves it as it was', async () => {
    const emulator = await startEmulator();
    const code = await clientOf(emulator.url).createAuthenticationCode('user-1');

    for (const platformUrl of ['https://api.sentiance.com', 'http://127.0.0.1:1']) {
      expect(() => redeem(emulator, code, platformUrl)).toThrow(
        `SERVER_ERROR: the authentication code is unknown on that platform: it is of ${emulator.url}. Pass createUser the platformUrl that comes with the code.`,
      );
    }

    expect(redeem(emulator, code, code.platformUrl)).toMatchObject({ active: true });
  });

  test('tells regions apart, where a test plays them all', async () => {
    const emulator = new SentianceEmulator();
    const us = 'https://api.p15.sentiance.com';
    const fetch = (url: string, init: FetchInit) => emulator.handle(new Request(url, init));
    const code = await clientOf(us, { fetch }).createAuthenticationCode('user-1');

    expect(() => redeem(emulator, code, 'https://api.sentiance.com')).toThrow('SERVER_ERROR');
    expect(redeem(emulator, code, us)).toMatchObject({ active: true });
  });

  test.each(['', 'api.sentiance.com', 1])('refuses what is no URL: %j', (platformUrl) => {
    const emulator = new SentianceEmulator();

    expect(createUserError(emulator, 'code', PHONE, { platformUrl })).toEqual(
      new TypeError('createUser: platformUrl must be a URL, as it comes with the code.'),
    );
  });
});

describe('a fault of createUser', () => {
  test.each([
    'USER_ALREADY_EXISTS',
    'SDK_RESET_IN_PROGRESS',
    'USER_CREATION_IN_PROGRESS',
    'NETWORK_ERROR',
    'SERVER_ERROR',
    'UNEXPECTED_ERROR',
    'APP_SIDE_LINKING_FAILED',
  ] as const)('lets it fail with %s once, and then it works', async (reason) => {
    const emulator = new SentianceEmulator();
    emulator.failNext({ type: 'create_user', reason });
    // It waits for a createUser, not for a request.
    const { authenticationCode } = await issueCode(emulator, 'user-1');

    expect(createUserError(emulator, authenticationCode, PHONE)).toMatchObject(
      failure(reason, 'the fault you asked for.'),
    );
    expect(emulator.createUser(authenticationCode, PHONE)).toMatchObject({ active: true });
  });

  test('has one of these reasons', () => {
    const emulator = new SentianceEmulator();
    const fault = { type: 'create_user', reason: 'NO_REASON' };

    expect(() => Reflect.apply(emulator.failNext, emulator, [fault])).toThrow(
      'Emulator fault: reason must be one of USER_ALREADY_EXISTS, SDK_RESET_IN_PROGRESS, USER_CREATION_IN_PROGRESS, NETWORK_ERROR, SERVER_ERROR, UNEXPECTED_ERROR, APP_SIDE_LINKING_FAILED',
    );
  });
});
