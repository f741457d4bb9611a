/** The examples, and where they differ: how each is started, and how its responses look. */
import assert from 'node:assert/strict';

/** What an example's app is given of a code. */
export interface GivenCode {
  code: string;
  platformUrl: string;
}

export interface Example {
  name: string;
  /** Its folder, which it runs in. */
  folder: string;
  /** What Node is given to start it. */
  start: readonly string[];
  /** What Node is given to build it, when the compiler alone does not do that. */
  build?: readonly string[];
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

const next = '../node_modules/next/dist/bin/next';

export const EXAMPLES: readonly Example[] = [
  { ...usual, name: 'Express 5', folder: 'express-5', start: ['dist/server.js'] },
  {
    name: 'Express 4',
    folder: 'express-4',
    start: ['server.js'],
    codePath: '/auth/code',
    readCode: (response) => {
      const field = readFields(response, ['app_id', 'auth_code', 'platform_url']);
      assert.equal(field('app_id'), 'test-app');
      return { code: field('auth_code'), platformUrl: field('platform_url') };
    },
  },
  { ...usual, name: 'Fastify 5', folder: 'fastify-5', start: ['dist/server.js'] },
  { ...usual, name: 'NestJS 11', folder: 'nestjs-11', start: ['dist/main.js'] },
  {
    ...usual,
    name: 'Next.js 16',
    folder: 'nextjs-16',
    build: [next, 'build'],
    start: [next, 'start', '--port', '0', '--hostname', '127.0.0.1'],
  },
  { ...usual, name: 'Hono 4', folder: 'hono-4', start: ['dist/server.js'] },
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
