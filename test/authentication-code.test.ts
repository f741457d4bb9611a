import { format, inspect } from 'node:util';
import { beforeEach, expect, test } from 'vitest';
import { type AuthenticationCode, SentianceUserLinkClient } from '../src/index.js';
import {
  codeResponse,
  ISSUED_CODE,
  ISSUED_EXPIRY,
  respondInTurn,
} from './support/in-memory-fetch.js';

const platformUrl = 'https://api.sentiance.com';

let code: AuthenticationCode;

beforeEach(async () => {
  const fetch = respondInTurn(codeResponse());
  const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', region: 'eu', fetch });
  code = await client.createAuthenticationCode('user-1');
});

test('A code is a plain object of three fields, which can be cloned', () => {
  const expiresAt = new Date(ISSUED_EXPIRY);
  const whole = { authenticationCode: ISSUED_CODE, expiresAt, platformUrl };

  expect({ ...code }).toStrictEqual(whole);
  expect(structuredClone(code)).toStrictEqual(whole);
  expect(Object.getPrototypeOf(code)).toBe(Object.prototype);
  expect(Object.keys(code)).toEqual(['authenticationCode', 'expiresAt', 'platformUrl']);
});

test('A code reaches the app whole in JSON', () => {
  expect(JSON.stringify(code)).toBe(
    `{"authenticationCode":"${ISSUED_CODE}","expiresAt":"${ISSUED_EXPIRY}","platformUrl":"${platformUrl}"}`,
  );
});

/** Calls a method of the code by the symbol that a runtime calls it by. */
function printedBy(symbol: symbol): (code: object) => string {
  return (code) => inspect(Reflect.apply(Reflect.get(code, symbol), code, []));
}

test.each<[string, (code: object) => string]>([
  ['printed', (code) => inspect(code)],
  ['printed with all that is hidden', (code) => inspect(code, { showHidden: true, depth: 20 })],
  ['printed inside something else', (code) => inspect({ login: [{ code }] }, { depth: 20 })],
  ['logged', (code) => format('issued', code)],
  ['formatted as an object', (code) => format('%o %O', code, code)],
  ['printed by Bun, Deno or workerd', printedBy(Symbol.for('nodejs.util.inspect.custom'))],
  ["printed by Vercel's edge runtime", printedBy(Symbol.for('edge-runtime.inspect.custom'))],
])('A code hides its secret when it is %s', (_, print) => {
  const printed = print(code);

  expect(printed).toContain("authenticationCode: '[redacted]'");
  expect(printed).toContain(`expiresAt: ${ISSUED_EXPIRY}`);
  expect(printed).toContain(`platformUrl: '${platformUrl}'`);
  expect(printed).not.toContain(ISSUED_CODE);
});
