import {
  type AuthenticationCode,
  SentianceConfigurationError,
  SentianceConnectionError,
  SentianceTimeoutError,
  type UserLinkClient,
} from 'sentiance-user-link';
import { FakeUserLinkClient, sentianceError } from 'sentiance-user-link/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { deferred } from '../support/deferred.js';
import { failureOf } from '../support/refusals.js';

const NOW = Date.parse('2030-01-02T03:04:05.678Z');
const RESPONSE: AuthenticationCode = {
  authenticationCode: 'the-code-of-the-test',
  expiresAt: new Date(NOW),
  platformUrl: 'https://platform.example',
};

afterEach(() => {
  vi.useRealTimers();
});

/** `new FakeUserLinkClient(…)` with any options at all. */
function construct(options: unknown): FakeUserLinkClient {
  return Reflect.construct(FakeUserLinkClient, [options]);
}

/** The code that a call brings, or the code of its error. */
async function outcome(client: UserLinkClient): Promise<string> {
  const result = await client.tryCreateAuthenticationCode('user-1');
  return result.ok ? result.value.authenticationCode : result.error.code;
}

describe('a fake without options', () => {
  test('gives codes of the EU that live for 10 minutes, in a known order', async () => {
    vi.spyOn(Date, 'now').mockReturnValue(NOW);
    const fake = new FakeUserLinkClient();

    expect(await fake.createAuthenticationCode('user-1')).toEqual({
      authenticationCode: 'fake-code-1',
      expiresAt: new Date(NOW + 600_000),
      platformUrl: 'https://api.sentiance.com',
    });
    expect(await outcome(fake)).toBe('fake-code-2');
    expect(await outcome(fake)).toBe('fake-code-3');
  });

  test('counts only the codes that it gave', async () => {
    const fake = new FakeUserLinkClient().failNext('server_error');
    await fake.tryCreateAuthenticationCode('');
    await fake.tryCreateAuthenticationCode('user-1');

    expect(await outcome(fake)).toBe('fake-code-1');
  });

  test('needs no key, no network and no region', async () => {
    vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', '');
    vi.stubEnv('SENTIANCE_REGION', 'mars');
    vi.stubGlobal('fetch', () => {
      throw new Error('The fake asked the network.');
    });

    expect(await outcome(new FakeUserLinkClient())).toBe('fake-code-1');
  });

  test('works in jsdom, where the client would refuse', async () => {
    vi.stubGlobal('window', { document: {} });

    expect(await outcome(new FakeUserLinkClient())).toBe('fake-code-1');
  });

  test('responds while the clock of the test stands still', async () => {
    vi.useFakeTimers({ now: NOW });
    const fake = new FakeUserLinkClient().failNext('timeout');

    expect(await outcome(fake)).toBe('timeout');
    await expect(fake.createAuthenticationCode('user-1')).resolves.toMatchObject({
      expiresAt: new Date(NOW + 600_000),
    });
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('options', () => {
  test('set the platform URL, as the client writes it', async () => {
    const fake = new FakeUserLinkClient({ platformUrl: 'https://Platform.example/eu/' });

    await expect(fake.createAuthenticationCode('user-1')).resolves.toMatchObject({
      platformUrl: 'https://platform.example/eu',
    });
  });

  test('set the lifetime and the clock, which is asked for every code', async () => {
    let now = NOW;
    const fake = new FakeUserLinkClient({ codeLifetime: 1_000, now: () => now });
    const first = await fake.createAuthenticationCode('user-1');
    now += 5_000;
    const second = await fake.createAuthenticationCode('user-1');

    expect(first.expiresAt).toEqual(new Date(NOW + 1_000));
    expect(second.expiresAt).toEqual(new Date(NOW + 6_000));
  });

  test('may be undefined', async () => {
    const options = { platformUrl: undefined, codeLifetime: undefined, now: undefined };

    expect(await outcome(new FakeUserLinkClient(options))).toBe('fake-code-1');
  });

  test('refuse a platform URL that the client would refuse', () => {
    expect(() => construct({ platformUrl: 'api.sentiance.com' })).toThrow(
      SentianceConfigurationError,
    );
  });

  test.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, '600', null])(
    'refuse the code lifetime %j',
    (codeLifetime) => {
      expect(() => construct({ codeLifetime })).toThrow(
        new TypeError(
          'FakeUserLinkClient: codeLifetime must be a number of milliseconds above 0 and up to 3155760000000 (100 years).',
        ),
      );
    },
  );

  test.each([
    [
      'gives no time',
      () => Number.NaN,
      'FakeUserLinkClient: now must give a number of milliseconds since 1970.',
    ],
    [
      'throws',
      () => {
        throw new RangeError('The clock of the test is broken.');
      },
      'The clock of the test is broken.',
    ],
  ])('show it when their clock %s', async (_, now, message) => {
    const fake = new FakeUserLinkClient({ now });

    const error = await failureOf(() => fake.tryCreateAuthenticationCode('user-1'));

    expect(error).toBeInstanceOf(RangeError);
    expect(error).toMatchObject({ message });
  });
});

describe('calls', () => {
  test('are recorded with what they were given, by both methods, refused ones included', async () => {
    const fake = new FakeUserLinkClient();
    const options = { timeout: 1_000 };
    await fake.createAuthenticationCode('user-1');
    await fake.tryCreateAuthenticationCode('user-2', options);
    await fake.tryCreateAuthenticationCode('');
    await fake.failNext('rejected').tryCreateAuthenticationCode('user-3', {});

    expect(fake.calls).toStrictEqual([
      { externalId: 'user-1' },
      { externalId: 'user-2', options },
      { externalId: '' },
      { externalId: 'user-3', options: {} },
    ]);
    expect(fake.calls[1]?.options).toBe(options);
  });

  test('are there as soon as the call was made', () => {
    const fake = new FakeUserLinkClient();
    void fake.createAuthenticationCode('user-1');

    expect(fake.calls).toEqual([{ externalId: 'user-1' }]);
  });

  test('are a list of its own each time', async () => {
    const fake = new FakeUserLinkClient();
    const before = fake.calls;
    await fake.createAuthenticationCode('user-1');
    Reflect.apply(Array.prototype.push, fake.calls, [{ externalId: 'user-2' }]);

    expect(before).toEqual([]);
    expect(fake.calls).toEqual([{ externalId: 'user-1' }]);
  });
});

describe('respondWith', () => {
  test('gives the same response to every call, until reset', async () => {
    const fake = new FakeUserLinkClient().respondWith(RESPONSE);

    expect(await fake.createAuthenticationCode('user-1')).toBe(RESPONSE);
    expect(await fake.tryCreateAuthenticationCode('user-2')).toEqual({ ok: true, value: RESPONSE });
    fake.reset();
    expect(await outcome(fake)).toBe('fake-code-1');
  });

  test('asks a function, once a call, with the external id', async () => {
    const respond = vi.fn((externalId: string) => ({
      ...RESPONSE,
      authenticationCode: externalId,
    }));
    const fake = new FakeUserLinkClient().respondWith(respond);

    await expect(fake.createAuthenticationCode('user-7')).resolves.toEqual({
      ...RESPONSE,
      authenticationCode: 'user-7',
    });
    expect(respond.mock.calls).toEqual([['user-7']]);
  });

  test('waits for a function that takes its time', async () => {
    const response = deferred<AuthenticationCode>();
    const fake = new FakeUserLinkClient().respondWith(() => response.promise);
    const call = fake.createAuthenticationCode('user-1');
    response.resolve(RESPONSE);

    expect(await call).toBe(RESPONSE);
  });

  test('is replaced by the next one', async () => {
    const fake = new FakeUserLinkClient().respondWith(RESPONSE);
    const another = { ...RESPONSE, authenticationCode: 'another' };

    expect(await outcome(fake.respondWith(() => another))).toBe('another');
    expect(await outcome(fake.respondWith(RESPONSE))).toBe('the-code-of-the-test');
  });

  test('asks nobody when the call is refused first', async () => {
    const respond = vi.fn(() => RESPONSE);
    const fake = new FakeUserLinkClient().respondWith(respond);
    await fake.tryCreateAuthenticationCode(' ');
    await fake.tryCreateAuthenticationCode('user-1', { signal: AbortSignal.abort() });

    expect(respond).not.toHaveBeenCalled();
  });

  test.each([
    [
      'throws',
      (error: Error) => () => {
        throw error;
      },
    ],
    ['rejects', (error: Error) => () => Promise.reject(error)],
  ])("lets a function's SentianceError through that it %s", async (_, failing) => {
    const error = sentianceError('rate_limited');
    const fake = new FakeUserLinkClient().respondWith(failing(error));

    expect(await failureOf(() => fake.createAuthenticationCode('user-1'))).toBe(error);
    const result = await fake.tryCreateAuthenticationCode('user-1');
    expect(!result.ok && result.error).toBe(error);
  });

  test.each(['createAuthenticationCode', 'tryCreateAuthenticationCode'] as const)(
    'does not hide what else a function throws, which is a fault of the test: %s',
    async (method) => {
      const mistake = new Error('expected user-1 to be user-2');
      const fake = new FakeUserLinkClient().respondWith(() => {
        throw mistake;
      });

      expect(await failureOf(() => fake[method]('user-1'))).toBe(mistake);
    },
  );

  test('is asked once a call, however long it takes and whatever the options say', async () => {
    vi.useFakeTimers();
    const slow = vi.fn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 4_900));
      return RESPONSE;
    });
    const fake = new FakeUserLinkClient().respondWith(slow);
    const calls = [
      fake.createAuthenticationCode('user-1'),
      fake.createAuthenticationCode('user-2', { hedgeAfter: 1, maxRetries: 10 }),
    ];
    await vi.advanceTimersByTimeAsync(4_900);

    expect(await Promise.all(calls)).toEqual([RESPONSE, RESPONSE]);
    expect(slow.mock.calls).toEqual([['user-1'], ['user-2']]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([{}, { hedgeAfter: 1, maxRetries: 10 }])(
    'runs out of time with a function that never responds: %j',
    async (options) => {
      vi.useFakeTimers();
      const silent = vi.fn(() => new Promise<never>(() => {}));
      const fake = new FakeUserLinkClient().respondWith(silent);
      const error = failureOf(() => fake.createAuthenticationCode('user-1', options));
      await vi.advanceTimersByTimeAsync(5_000);

      expect(await error).toBeInstanceOf(SentianceTimeoutError);
      expect(await error).toMatchObject({ code: 'timeout', attempts: 1 });
      expect(silent).toHaveBeenCalledOnce();
    },
  );

  test('is not asked again after a failure that the client would retry', async () => {
    const failing = vi.fn(() => Promise.reject(sentianceError('server_error')));
    const fake = new FakeUserLinkClient().respondWith(failing);

    expect(await outcome(fake)).toBe('server_error');
    expect(failing).toHaveBeenCalledOnce();
  });
});

describe('failNext', () => {
  test('makes one call fail, and then it is as before', async () => {
    const fake = new FakeUserLinkClient().failNext('server_error');

    expect(await outcome(fake)).toBe('server_error');
    expect(await outcome(fake)).toBe('fake-code-1');
  });

  test('makes as many calls fail as it says, and queues up', async () => {
    const fake = new FakeUserLinkClient().failNext('timeout', 2).failNext('forbidden');

    const outcomes = [];
    for (let n = 0; n < 4; n += 1) outcomes.push(await outcome(fake));

    expect(outcomes).toEqual(['timeout', 'timeout', 'forbidden', 'fake-code-1']);
  });

  test('goes before failWith, and that before respondWith', async () => {
    const fake = new FakeUserLinkClient()
      .respondWith(RESPONSE)
      .failWith('forbidden')
      .failNext('timeout');

    expect([await outcome(fake), await outcome(fake)]).toEqual(['timeout', 'forbidden']);
  });

  test('throws the very error that it is given, from another copy of the library too', async () => {
    const error = sentianceError('server_error', { status: 502, message: 'Bad gateway.' });
    vi.resetModules();
    const copy = await import('../../src/index.js');
    const foreign = new copy.SentianceConnectionError('Lost.', { reason: 'ECONNRESET' });
    expect(foreign.constructor).not.toBe(SentianceConnectionError);
    const fake = new FakeUserLinkClient().failNext(error).failNext(foreign);

    expect(await failureOf(() => fake.createAuthenticationCode('user-1'))).toBe(error);
    const result = await fake.tryCreateAuthenticationCode('user-1');
    expect(!result.ok && result.error).toBe(foreign);
  });

  test('makes a new error for each call when it is given a code', async () => {
    const fake = new FakeUserLinkClient().failNext('timeout', 2);
    const [first, second] = [
      await failureOf(() => fake.createAuthenticationCode('user-1')),
      await failureOf(() => fake.createAuthenticationCode('user-1')),
    ];

    expect(first).not.toBe(second);
    expect(first).toMatchObject(sentianceError('timeout').toJSON());
  });

  test.each([0, -1, 1.5, 1_000_001, Number.NaN, Number.POSITIVE_INFINITY, '2', null])(
    'refuses to do so %j times',
    async (times) => {
      const fake = new FakeUserLinkClient();

      expect(() => Reflect.apply(fake.failNext, fake, ['timeout', times])).toThrow(
        new TypeError('failNext: times must be a whole number from 1 to 1000000.'),
      );
      expect(await outcome(fake)).toBe('fake-code-1');
    },
  );
});

describe('failWith', () => {
  test('makes every call fail, until reset', async () => {
    const fake = new FakeUserLinkClient().failWith('unauthorized');
    for (let n = 0; n < 3; n += 1) expect(await outcome(fake)).toBe('unauthorized');
    fake.reset();

    expect(await outcome(fake)).toBe('fake-code-1');
  });

  test('is replaced by the next one', async () => {
    const error = sentianceError('connection_failed');
    const fake = new FakeUserLinkClient().failWith('unauthorized').failWith(error);

    expect(await failureOf(() => fake.createAuthenticationCode('user-1'))).toBe(error);
  });
});

describe.each(['failNext', 'failWith'] as const)('%s', (method) => {
  test.each([
    [undefined],
    [null],
    ['server-error'],
    ['toString'],
    [503],
    [new Error('server_error')],
    [{ code: 'server_error' }],
  ])('refuses what is no error of the client, with a list of those that are: %s', async (error) => {
    const fake = new FakeUserLinkClient();

    expect(() => Reflect.apply(fake[method], fake, [error])).toThrow(
      new TypeError(
        `${method}: pass a SentianceError, such as sentianceError('timeout'), or one of its codes: invalid_configuration, invalid_external_id, unauthorized, forbidden, rate_limited, server_error, rejected, unexpected_redirect, invalid_response, connection_failed, timeout, aborted.`,
      ),
    );
    expect(await outcome(fake)).toBe('fake-code-1');
  });
});

describe('reset', () => {
  test('forgets calls, responses, failures and the count, and keeps the options', async () => {
    const options = { codeLifetime: 1_000, now: () => NOW, platformUrl: 'https://p.example' };
    const fake = new FakeUserLinkClient(options);
    await fake.createAuthenticationCode('user-1');
    fake.respondWith(RESPONSE).failNext('timeout', 3).failWith('aborted');

    fake.reset();

    expect(fake.calls).toEqual([]);
    expect(await fake.createAuthenticationCode('user-1')).toEqual({
      authenticationCode: 'fake-code-1',
      expiresAt: new Date(NOW + 1_000),
      platformUrl: 'https://p.example',
    });
  });
});

test('needs nothing that the jsdom of Jest lacks', async () => {
  for (const name of ['Response', 'Request', 'Headers', 'fetch', 'TextEncoder', 'TextDecoder']) {
    vi.stubGlobal(name, undefined);
  }
  const fake = new FakeUserLinkClient().failNext('timeout');

  expect([await outcome(fake), await outcome(fake)]).toEqual(['timeout', 'fake-code-1']);
});

describe('under a clock that the test holds', () => {
  /** As sinon does by default, and more: what is put off never comes. */
  async function holdingEverything(action: () => Promise<string>): Promise<string> {
    const held = vi.fn();
    for (const name of ['setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask'] as const) {
      vi.stubGlobal(name, held);
    }
    const spies = [
      vi.spyOn(process, 'nextTick').mockImplementation(held),
      vi.spyOn(Date, 'now').mockReturnValue(NOW),
      vi.spyOn(performance, 'now').mockReturnValue(0),
    ];
    // Vitest itself needs them.
    const release = () => {
      vi.unstubAllGlobals();
      for (const spy of spies) spy.mockRestore();
    };
    return Promise.race([action(), afterTurns(1_000)]).finally(release);
  }

  async function afterTurns(turns: number): Promise<string> {
    for (let turn = 0; turn < turns; turn += 1) await undefined;
    return 'nothing yet';
  }

  test.each([
    ['a code', (fake: FakeUserLinkClient) => fake, 'fake-code-1'],
    ['a failure', (fake: FakeUserLinkClient) => fake.failNext('timeout'), 'timeout'],
    [
      'another failure',
      (fake: FakeUserLinkClient) => fake.failWith('server_error'),
      'server_error',
    ],
    [
      'a response of its own',
      (fake: FakeUserLinkClient) => fake.respondWith(async () => RESPONSE),
      'the-code-of-the-test',
    ],
  ])('settles: %s', async (_, setUp, expected) => {
    const fake = setUp(new FakeUserLinkClient());

    expect(await holdingEverything(() => outcome(fake))).toBe(expected);
  });
});
