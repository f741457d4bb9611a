/** The search for canaries, which the tests of this folder rely on, finds what each channel shows. */
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { CANARIES, CHANNELS, expectNoCanary, leaksOf } from '../support/canaries.js';
import { KEY } from './echoes.js';

describe('The search for canaries', () => {
  const circle: { of?: unknown } = {};
  circle.of = circle;
  const quiet = { enumerable: false, value: () => 'nothing to see' };
  const nested = (depth: number): object =>
    depth === 0 ? new Error(KEY) : { of: nested(depth - 1) };

  const LEAKS: [channel: string, value: unknown][] = [
    ['message', new Error(KEY)],
    ['stack', Object.assign(new Error('failed'), { stack: `Error: failed\n    at ${KEY}` })],
    ['String', { toString: () => KEY }],
    ['toJSON', Object.defineProperty({}, 'toJSON', { value: () => ({ KEY }) })],
    ['JSON.stringify', { headers: { authorization: `Bearer ${KEY}` } }],
    ['util.inspect', { [inspect.custom]: () => KEY }],
    ['util.inspect of everything', nested(12)],
    ['util.inspect of everything', Object.defineProperty({}, 'hidden', { value: KEY })],
    ['util.inspect of everything', { list: [...Array(200).fill(0), KEY] }],
    ['util.format', { KEY }],
    ['console.log', { KEY }],
    ['console.dir', Object.defineProperty({ KEY }, inspect.custom, quiet)],
    ['console.table', [{ KEY }]],
    [
      'structuredClone',
      Object.defineProperties({ KEY }, { toJSON: quiet, [inspect.custom]: quiet }),
    ],
    ['a failed assertion', { KEY }],
    ['pino', new Error('failed', { cause: new Error(KEY) })],
    ['pino with errWithCause', Object.assign(new Error('failed'), { KEY })],
    ['winston with json', { KEY }],
    ['winston with prettyPrint', Object.defineProperty({ KEY }, inspect.custom, quiet)],
    ['winston with errors', new Error('failed', { cause: new Error(KEY) })],
    ['winston with splat', { KEY }],
    ['properties', { body: Buffer.from(KEY) }],
    ['properties', { body: new TextEncoder().encode(KEY).buffer }],
    ['properties', { [KEY]: 1 }],
    ['properties', { [Symbol(KEY)]: 1 }],
    [
      'properties',
      {
        get key() {
          return KEY;
        },
      },
    ],
    [
      'properties',
      {
        get key(): string {
          throw new Error(KEY);
        },
      },
    ],
  ];

  test.each(LEAKS)('finds what %s shows', (channel, value) => {
    expect(leaksOf(value)).toContain(`${channel} shows apiKey`);
    expect(() => expectNoCanary(value)).toThrow(`${channel} shows apiKey`);
  });

  test('is shown to work for every channel', () => {
    expect(new Set(LEAKS.map(([channel]) => channel))).toEqual(new Set(Object.keys(CHANNELS)));
  });

  test.each<[string, unknown]>([
    ['a cause', new Error('failed', { cause: new Error('failed', { cause: new Error(KEY) }) })],
    ['a lastError', Object.assign(new Error('failed'), { lastError: new Error(KEY) })],
    ['the parts of an AggregateError', new AggregateError([new Error(KEY)], 'failed')],
    ['a list of events', [{ attempt: 1 }, { attempt: 2, platformUrl: KEY }]],
    ['a Map', new Map([['error', { message: KEY }]])],
    ['a Set', new Set([{ message: KEY }])],
    [
      'what an object throws when it is printed',
      {
        toString: () => {
          throw new Error(KEY);
        },
      },
    ],
  ])('goes into %s', (_, value) => {
    expect(leaksOf(value)).not.toEqual([]);
    expect(() => expectNoCanary(value)).toThrow('shows apiKey');
  });

  test.each(Object.entries(CANARIES))('tells the canary %s from the others', (name, canary) => {
    expect(leaksOf(canary)).toContain(`String shows ${name}`);
    expect(leaksOf(canary).filter((leak) => !leak.endsWith(` shows ${name}`))).toEqual([]);
  });

  test.each([
    ['in upper case', KEY.toUpperCase(), 'apiKey'],
    ['of which the end is cut off', KEY.slice(0, -3), 'a part of a canary'],
    ['of which the beginning is cut off', KEY.slice(3), 'a part of a canary'],
  ])('finds a canary %s', (_, text, found) => {
    expect(leaksOf(new Error(text))).toContain(`message shows ${found}`);
  });

  test.each<[string, unknown]>([
    ['an error', new Error('failed', { cause: new TypeError('fetch failed') })],
    ['a circle', circle],
    ['what cannot be cloned', { toString: () => 'nothing' }],
    [
      'what is not shown: a private field',
      new (class {
        readonly #secret = KEY;
        holds() {
          return this.#secret;
        }
      })(),
    ],
    ['nothing', undefined],
  ])('passes %s without a secret', (_, value) => {
    expectNoCanary(value);
  });
});
