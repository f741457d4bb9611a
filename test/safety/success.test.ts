import { inspect } from 'node:util';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type { AttemptEvent } from '../../src/index.js';
import { CANARIES, CHANNELS, expectNoCanary, leaksOf } from '../support/canaries.js';
import { interceptRequests, platformResponds } from '../support/msw.js';
import { construct } from '../support/refusals.js';
import { WAYS, type Way } from '../support/ways.js';
import { echo, KEY, PLATFORM, QUOTE } from './echoes.js';

interceptRequests();

beforeEach(() => {
  vi.stubEnv('SENTIANCE_BASE_URL', undefined);
  vi.stubEnv('SENTIANCE_REGION', undefined);
});

async function succeed({ api, success }: Way) {
  const body = success(CANARIES.authenticationCode, {
    expires_at: '2021-02-03T14:32:03.076Z',
    echoed: QUOTE,
    [CANARIES.body]: CANARIES.body,
  });
  platformResponds(PLATFORM, echo(200, body));
  const events: AttemptEvent[] = [];
  const onAttempt = (event: AttemptEvent) => events.push(event);
  const client = construct({ apiKey: KEY, api, onAttempt });
  const code = await client.createAuthenticationCode(CANARIES.externalId);
  return { client, code, events };
}

describe.each(WAYS)('A call by $api that succeeds', (way) => {
  /** The code has to reach the app, as JSON, so its property is a property. */
  const AS_DATA = [
    'JSON.stringify',
    'util.format',
    'console.dir',
    'console.table',
    'structuredClone',
    'a failed assertion',
    'pino',
    'pino with errWithCause',
    'winston with json',
    'winston with prettyPrint',
    'winston with errors',
    'winston with splat',
    'properties',
  ].map((channel) => `${channel} shows authenticationCode`);

  test('shows the code as data alone, and no other secret', async () => {
    const { code } = await succeed(way);
    expect(leaksOf(code)).toEqual(AS_DATA);
    expect(leaksOf({ ok: true, value: code })).toEqual(expect.arrayContaining(AS_DATA));
  });

  test.each<[string, (value: unknown) => string | undefined]>([
    ['console.log', (value) => CHANNELS['console.log']?.(value)],
    ['util.inspect', (value) => inspect(value, { depth: 20, showHidden: true })],
    ['util.inspect of what holds it', (value) => inspect({ user: [value] })],
  ])('prints a redacted code with %s', async (_, print) => {
    const { code } = await succeed(way);
    const printed = print(code);
    expect(printed).toContain("authenticationCode: '[redacted]'");
    expectNoCanary(printed);
  });

  test('leaves no secret in its events', async () => {
    const { events } = await succeed(way);
    expect(events).toHaveLength(1);
    expectNoCanary(events);
  });

  test('leaves no secret in the client, which still prints where it asks', async () => {
    const { client } = await succeed(way);
    expect(inspect(client, { breakLength: Infinity })).toBe(
      "SentianceUserLinkClient { region: 'eu', platformUrl: 'https://api.sentiance.com' }",
    );
    expectNoCanary(client);
  });
});
