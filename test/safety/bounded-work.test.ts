/** However long an id or a message is, and of whatever it is made: nobody waits for what is shown. */
import { expect, test } from 'vitest';
import { errorOf } from '../support/calls.js';
import { construct } from '../support/refusals.js';

const SHAPES: Readonly<Record<string, string>> = {
  letters: 'abcdefghijklmnopqrstuvwxyz',
  'one letter': 'a',
  dots: 'a.',
  spaces: 'ab c ',
  backslashes: '\\',
  'percent signs': '%25',
  'combining marks': 'a\u0315\u0300\u05ae\u0316',
  'ligatures that expand': '\ufdfa',
  hangul: '\uac2b',
  'words of 24 letters': `${'a'.repeat(23)}b `,
};

const repeated = (shape: string, length: number) =>
  shape
    .repeat(Math.ceil(length / shape.length))
    .slice(0, length)
    .trim();

/** Milliseconds of CPU for a call whose response has the message: the least of some. */
async function cpuOf(externalId: string, message: string): Promise<number> {
  const body = JSON.stringify({ message });
  const fetch = async () => new Response(body, { status: 400 });
  const client = construct({ apiKey: 'test-user-link-key', region: 'eu', fetch });
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < 5; run += 1) {
    const before = process.cpuUsage();
    const result = await client.tryCreateAuthenticationCode(externalId);
    const { user, system } = process.cpuUsage(before);
    expect(errorOf(result).code).toBe('rejected');
    least = Math.min(least, (user + system) / 1_000);
  }
  return least;
}

/** Work that grows with the square of its input grows a hundredfold. */
const AT_MOST = 30;
/** Less than so many milliseconds is too little to compare. */
const LEAST = 2;

test.each(Object.entries(SHAPES))(
  'Ten times an id of %s, and its echo, is at most ten times the work',
  async (_, shape) => {
    for (const [short, long] of [
      [90, 900],
      [900, 9_000],
      [100_000, 1_000_000],
    ] as const) {
      const shortCpu = await cpuOf(repeated(shape, short), repeated(shape, short * 10));
      const longCpu = await cpuOf(repeated(shape, long), repeated(shape, long));
      expect(longCpu / Math.max(shortCpu, LEAST)).toBeLessThan(AT_MOST);
    }
  },
);

test.each(Object.entries(SHAPES))(
  'Ten times a message of %s is at most ten times the work',
  async (_, shape) => {
    for (const id of ['u-4711', repeated(SHAPES.letters ?? '', 999), repeated(shape, 999)]) {
      const shortCpu = await cpuOf(id, repeated(shape, 90_000));
      const longCpu = await cpuOf(id, repeated(shape, 900_000));
      expect(longCpu / Math.max(shortCpu, LEAST)).toBeLessThan(AT_MOST);
    }
  },
);
