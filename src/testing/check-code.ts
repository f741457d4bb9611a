import type { AuthenticationCode } from 'sentiance-user-link';
import { describe } from '../config/describe.js';

const SHAPE = '{ authenticationCode, expiresAt, platformUrl }';

const ADVICE = new Map([
  ['a promise', ' Pass a function that gives the promise.'],
  ['an error', ' To let calls fail, use failNext or failWith.'],
]);

/**
 * Throws when no client would give this as a code. The message shows nothing of it.
 *
 * @param giver Who gave it to `respondWith`: the test, or a function that the test passed.
 */
export function assertCode(
  value: unknown,
  giver: 'test' | 'function',
): asserts value is AuthenticationCode {
  const kind = describe(value);
  if (kind !== 'an object') {
    const wanted =
      giver === 'test'
        ? `pass ${SHAPE}, or a function that gives that, but not ${kind}.`
        : `the function must give ${SHAPE}, but it gave ${kind}.`;
    throw new TypeError(`respondWith: ${wanted}${ADVICE.get(kind) ?? ''}`);
  }
  const { authenticationCode, expiresAt, platformUrl }: FieldsOfCode = Object(value);
  check('authenticationCode', 'a string that is not blank', authenticationCode, isText);
  check('expiresAt', 'a valid Date', expiresAt, isDate);
  check(
    'platformUrl',
    'an absolute URL without a trailing slash, such as https://api.sentiance.com',
    platformUrl,
    isPlatformUrl,
  );
}

type FieldsOfCode = { readonly [Name in keyof AuthenticationCode]?: unknown };

function check(
  name: keyof AuthenticationCode,
  words: string,
  value: unknown,
  isGood: (value: unknown) => boolean,
): void {
  if (isGood(value)) return;
  const kind = describe(value);
  const shown = ['a string', 'a Date'].includes(kind) ? 'another one' : kind;
  throw new TypeError(`respondWith: ${name} must be ${words}, but it is ${shown}.`);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.trim() !== '';
}

/** Of any realm, as in Jest. */
function isDate(value: unknown): boolean {
  return describe(value) === 'a Date' && !Number.isNaN(Number(value));
}

function isPlatformUrl(value: unknown): boolean {
  return typeof value === 'string' && /^https?:\/\/.*[^/]$/i.test(value) && URL.canParse(value);
}
