/**
 * Whatever the client is given and whatever comes back: a code or an error of this library, no other
 * exception, no hang, and no secret in what comes out.
 */
import { inspect } from 'node:util';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  type AuthenticationCodeResult,
  SENTIANCE_REGIONS,
  SentianceConfigurationError,
  SentianceError,
  type SentianceUserLinkClient,
} from '../src/index.js';
import {
  anyBytes,
  anyFunction,
  anyRecord,
  anyResponse,
  anyString,
  anyValue,
  anyWireResponse,
  plain,
} from './support/arbitraries.js';
import { clientOf, UNUSED_URL } from './support/calls.js';
import { CANARIES, expectNoCanary } from './support/canaries.js';
import { withoutBackoff } from './support/clock.js';
import { inMemoryFetch, issueCodeInMemory } from './support/in-memory-fetch.js';
import { type Behaviour, issueCode, raw, startLoopbackServer } from './support/loopback-server.js';
import { RANDOM_CASES, RANDOM_SEED } from './support/random-cases.js';
import { construct } from './support/refusals.js';
import { WAYS, type Way } from './support/ways.js';

const REGIONS = Object.keys(SENTIANCE_REGIONS);

const CODES = [
  'invalid_configuration',
  'invalid_external_id',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'server_error',
  'rejected',
  'unexpected_redirect',
  'invalid_response',
  'connection_failed',
  'timeout',
  'aborted',
];

/** Ends what a generated `fetch` or key function never would. */
const SHORT = { timeout: 20, maxRetries: 1 };

beforeEach(() => {
  withoutBackoff();
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', undefined);
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
  vi.stubEnv('SENTIANCE_REGION', undefined);
  // No option may lead to a request that leaves this machine.
  vi.stubGlobal('fetch', inMemoryFetch(issueCodeInMemory).fetch);
});

/** A test that a property holds for all cases; fast-check prints the seed and the case when not. */
function property<T>(
  title: string,
  arbitrary: fc.Arbitrary<T>,
  setUp: () => Promise<(value: T) => Promise<void>> | ((value: T) => Promise<void>),
): void {
  test(`${title} (seed ${RANDOM_SEED})`, { timeout: 300_000 }, async () => {
    const holds = await setUp();
    const parameters = { numRuns: RANDOM_CASES, seed: RANDOM_SEED, timeout: 5_000 };
    await fc.assert(fc.asyncProperty(arbitrary, holds), parameters);
  });
}

/** `client.tryCreateAuthenticationCode(…)` with any arguments at all. */
function call(
  client: SentianceUserLinkClient,
  ...args: unknown[]
): Promise<AuthenticationCodeResult> {
  return Reflect.apply(client.tryCreateAuthenticationCode, client, args);
}

/** A value that is one, or an error that is one of ours and shows no secret. */
function expectSound(result: AuthenticationCodeResult): void {
  if (result.ok) {
    const { authenticationCode, expiresAt, platformUrl } = result.value;
    expect(authenticationCode.trim()).not.toBe('');
    expect(expiresAt.getTime()).not.toBeNaN();
    expect(platformUrl).toMatch(/^https?:/);
    return;
  }
  expectSoundError(result.error);
}

function expectSoundError(error: unknown): void {
  expect(error).toBeInstanceOf(SentianceError);
  expect(CODES).toContain(Reflect.get(Object(error), 'code'));
  expect(Reflect.get(Object(error), 'attempts')).toBeGreaterThanOrEqual(0);
  expectNoSecret(error);
}

const searched = new Set<string>();

/** The search takes milliseconds, and most cases end in one of a few errors but for a number. */
function expectNoSecret(value: unknown): void {
  const shown = inspect(value, { depth: 20, showHidden: true, maxStringLength: null });
  const shape = shown.replaceAll(/\d+/g, '#');
  if (searched.has(shape)) return;
  expectNoCanary(value);
  searched.add(shape);
}

/** The client, if it takes the options; what it throws else is looked at. */
function constructed(...options: unknown[]): SentianceUserLinkClient | undefined {
  try {
    return construct(...options);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(SentianceConfigurationError);
    expectSoundError(thrown);
    return undefined;
  }
}

/** One of the two columns: each case goes one of the two ways. */
const anyWay = fc.constantFrom(...WAYS);

const limits = {
  timeout: plain(mostly(fc.integer({ min: 1, max: 1_000 }), fc.double())),
  hedgeAfter: plain(mostly(fc.integer({ min: 1, max: 1_000 }), fc.double())),
  maxRetries: plain(mostly(fc.nat(10), fc.double())),
};

/** The one, and now and then the other. */
function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: usual }, odd);
}

describe('Any options of the client', () => {
  const options = anyRecord({
    apiKey: fc.oneof(
      { weight: 4, arbitrary: plain(fc.constant(CANARIES.apiKey)) },
      plain(fc.string()),
      anyFunction,
    ),
    region: plain(fc.constantFrom(...REGIONS, undefined, undefined)),
    baseUrl: plain(
      mostly(fc.constantFrom(undefined, UNUSED_URL), fc.oneof(fc.webUrl(), fc.string())),
    ),
    api: plain(fc.constantFrom('rest', 'graphql', undefined)),
    ...limits,
    fetch: fc.oneof(plain(fc.constant(undefined)), anyFunction),
    onAttempt: anyFunction,
    dangerouslyAllowBrowser: plain(fc.boolean()),
    dangerouslyAllowHttp: plain(fc.boolean()),
  });

  property('give a client and its calls a code, or an error', mostly(options, anyValue), () => {
    return async ({ make }) => {
      const client = constructed(make());
      if (client === undefined) return;
      expectNoSecret(client);
      expectSound(await call(client, CANARIES.externalId, SHORT));
    };
  });
});

describe('Any environment', () => {
  const environment = anyRecord({
    SENTIANCE_USER_LINK_API_KEY: plain(mostly(fc.constant(CANARIES.apiKey), anyString)),
    SENTIANCE_BASE_URL: plain(fc.oneof(fc.constantFrom(UNUSED_URL, ' ', undefined), anyString)),
    SENTIANCE_REGION: plain(fc.oneof(fc.constantFrom(...REGIONS, ' ', undefined), anyString)),
  });

  property('gives a client or an error', mostly(environment, anyValue), () => {
    return async ({ make }) => {
      const { env } = process;
      try {
        Reflect.set(process, 'env', make());
        expectNoSecret(constructed());
      } finally {
        Reflect.set(process, 'env', env);
      }
    };
  });
});

describe('Any arguments of a call', () => {
  const signalLike = anyRecord({
    aborted: plain(fc.boolean()),
    addEventListener: anyFunction,
    removeEventListener: anyFunction,
  });
  const callOptions = anyRecord({
    signal: fc.oneof(plain(fc.constant(undefined)), signalLike),
    ...limits,
  });
  const id = plain(anyString);

  property(
    'bring a code or an error',
    fc.tuple(anyWay, mostly(id, anyValue), mostly(callOptions, anyValue)),
    () => {
      return async ([{ api }, externalId, options]) => {
        const client = clientOf(UNUSED_URL, { api, apiKey: CANARIES.apiKey });
        expectSound(await call(client, externalId.make(), options.make()));
      };
    },
  );
});

describe('Any string', () => {
  const cases = fc.tuple(anyWay, anyString);

  property('arrives byte for byte, or is refused', cases, async () => {
    vi.unstubAllGlobals();
    const server = await startLoopbackServer(issueCode);
    return async ([{ api, request }, id]) => {
      const client = clientOf(server.url, { api });
      const before = server.requests.length;

      const result = await call(client, id);

      const arrived = server.requests.slice(before).map(({ body }) => JSON.parse(decode(body)));
      if (isWellFormed(id) && id.trim() !== '') {
        expect(result).toMatchObject({ ok: true });
        expect(arrived).toEqual([request(id)]);
      } else {
        expect(result).toMatchObject({ ok: false, error: { code: 'invalid_external_id' } });
        expect(arrived).toEqual([]);
      }
    };
  });

  /** A string that comes back from UTF-8 as it was; half of a surrogate pair does not. */
  function isWellFormed(text: string): boolean {
    return Buffer.from(text, 'utf8').toString('utf8') === text;
  }

  function decode(bytes: Uint8Array): string {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  }
});

describe('Any fetch', () => {
  const responses = fc.tuple(anyWay, anyResponse);
  const functions = fc.tuple(anyWay, anyFunction);

  property('brings a code or an error, whatever it resolves to', responses, () => {
    return async ([{ api }, { make }]) => {
      const client = construct({ api, apiKey: CANARIES.apiKey, fetch: async () => make() });
      expectSound(await call(client, CANARIES.externalId, SHORT));
    };
  });

  property('brings a code or an error, however it ends', functions, () => {
    return async ([{ api }, { make }]) => {
      const hooks = { fetch: make(), onAttempt: make() };
      const client = construct({ api, apiKey: CANARIES.apiKey, ...hooks });
      expectSound(await call(client, CANARIES.externalId, SHORT));
    };
  });
});

describe('Any response over a socket', () => {
  /** What comes of a call that these bytes respond to, after which the connection closes. */
  async function respondedWith(
    maxRetries: number,
  ): Promise<(value: [Way, Uint8Array]) => Promise<void>> {
    vi.unstubAllGlobals();
    let behaviour: Behaviour = issueCode;
    const server = await startLoopbackServer((exchange) => behaviour(exchange));
    const options = { apiKey: CANARIES.apiKey, timeout: 500, hedgeAfter: 400, maxRetries };
    return async ([{ api }, bytes]) => {
      const client = clientOf(server.url, { api, ...options });
      behaviour = raw(bytes);
      expectSound(await call(client, CANARIES.externalId));
    };
  }

  property(
    'brings a code or an error: a status, headers and a body',
    fc.tuple(anyWay, anyWireResponse),
    () => respondedWith(1),
  );

  property('brings a code or an error: bytes', fc.tuple(anyWay, anyBytes), () => respondedWith(0));
});
