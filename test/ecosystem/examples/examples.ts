/** The examples, and where they differ. */
import assert from 'node:assert/strict';

/** What an example's app is given of a code. */
export interface GivenCode {
  code: string;
  platformUrl: string;
}

export interface Example {
  /** Of the folder, too. */
  name: string;
  /** What it shows, for a reader of the table. */
  what: string;
  /** Where its app asks again later. */
  codePath: string;
  /** Reads a code as this example hands it on; fails when it has another shape. */
  readCode(response: unknown): GivenCode;
}

/** An `AuthenticationCode` as JSON. */
const usual: Pick<Example, 'codePath' | 'readCode'> = {
  codePath: '/sentiance/code',
  readCode: (response) => {
    const field = readFields(response, ['authenticationCode', 'expiresAt', 'platformUrl']);
    assert.ok(Date.parse(field('expiresAt')) > Date.now(), 'the code has expired');
    return { code: field('authenticationCode'), platformUrl: field('platformUrl') };
  },
};

// The one that takes longest first.
export const EXAMPLES: readonly Example[] = [
  { ...usual, name: 'nextjs-16', what: 'route handlers; Vitest' },
  { ...usual, name: 'nestjs-11', what: 'a module with a provider; Jest' },
  {
    name: 'express-4',
    what: "CommonJS, in the shape of the vendor's sample backend; Jest",
    codePath: '/auth/code',
    readCode: (response) => {
      const field = readFields(response, ['app_id', 'auth_code', 'platform_url']);
      assert.equal(field('app_id'), 'test-app');
      return { code: field('auth_code'), platformUrl: field('platform_url') };
    },
  },
  { ...usual, name: 'express-5', what: 'TypeScript, ESM; node:test' },
  { ...usual, name: 'fastify-5', what: 'a plugin; node:test' },
  { ...usual, name: 'hono-4', what: 'on Node; Vitest' },
];

/** Reads an object that has these fields and no others, each of them a string with something in it. */
function readFields(value: unknown, names: readonly string[]): (name: string) => string {
  assert.ok(typeof value === 'object' && value !== null, 'there is no code');
  const fields: Record<string, unknown> = { ...value };
  assert.deepEqual(Object.keys(fields).sort(), [...names].sort());
  return (name) => {
    const field = fields[name];
    assert.ok(typeof field === 'string' && field !== '', `${name} is not a string`);
    return field;
  };
}
