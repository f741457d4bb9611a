import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, inject, test } from 'vitest';
import { ISSUED_CODE, issueCode, startLoopbackServer } from '../support/loopback-server.js';
import { runInConsumer } from './run-in-consumer.js';

describe.each(['call.mjs', 'call.cjs'])('a call in a process of its own: %s', (script) => {
  test('sends the request, prints the code, and lets the process end', async () => {
    const platform = await startLoopbackServer(issueCode);

    const printed = await runInConsumer(script, platform.url);

    expect(printed).toEqual({ stdout: `${ISSUED_CODE}\n`, stderr: '' });
    expect(platform.requests).toMatchObject([
      {
        method: 'POST',
        path: '/users/auth-code',
        headers: { authorization: 'Bearer test-user-link-key', 'content-type': 'application/json' },
        body: Buffer.from('{"external_id":"user-1"}'),
      },
    ]);
  });

  test('names the installed version as its user agent', async () => {
    const platform = await startLoopbackServer(issueCode);
    const manifest = join(inject('consumer'), 'node_modules/sentiance-user-link/package.json');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8'));

    await runInConsumer(script, platform.url);

    const userAgent = `sentiance-user-link/${version} node/${process.versions.node}`;
    expect(platform.requests.map(({ headers }) => headers['user-agent'])).toEqual([userAgent]);
  });
});

test('the command line runs from the installed package', async () => {
  const manifest = join(inject('consumer'), 'node_modules/sentiance-user-link/package.json');
  const { version, bin } = JSON.parse(readFileSync(manifest, 'utf8'));
  const script = join('node_modules/sentiance-user-link', bin['sentiance-user-link']);

  const printed = await runInConsumer(script, '--version');

  expect(printed).toEqual({ stdout: `${version}\n`, stderr: '' });
});

describe('the ESM and the CommonJS copy', () => {
  /** What `consumer/copies.mjs` prints. */
  let copies: {
    separate: boolean;
    exports: { esm: string[]; cjs: string[] };
    testing: { esm: string[]; cjs: string[] };
    testingSharesClasses: boolean;
    constructorNames: { esm: Record<string, string>; cjs: Record<string, string> };
    recognised: { esmByCjs: Record<string, string[]>; cjsByEsm: Record<string, string[]> };
  };

  beforeAll(async () => {
    const { stdout } = await runInConsumer('copies.mjs');
    copies = JSON.parse(stdout);
    expect(copies.separate, 'the process has two copies').toBe(true);
  });

  test('export these names and no others', () => {
    expect(copies.exports.esm).toMatchInlineSnapshot(`
      [
        "SENTIANCE_REGIONS",
        "SentianceAbortError",
        "SentianceApiError",
        "SentianceAuthenticationError",
        "SentianceConfigurationError",
        "SentianceConnectionError",
        "SentianceError",
        "SentianceInvalidExternalIdError",
        "SentiancePermissionError",
        "SentianceRateLimitError",
        "SentianceRedirectError",
        "SentianceRequestError",
        "SentianceResponseError",
        "SentianceServerError",
        "SentianceTimeoutError",
        "SentianceUserLinkClient",
      ]
    `);
    expect(copies.exports.cjs).toEqual(copies.exports.esm);
  });

  test('export these names for tests and no others', () => {
    expect(copies.testing.esm).toMatchInlineSnapshot(`
      [
        "CreateUserError",
        "FakeUserLinkClient",
        "SentianceEmulator",
        "sentianceError",
      ]
    `);
    expect(copies.testing.cjs).toEqual(copies.testing.esm);
  });

  test('share their error classes with their entry point for tests', () => {
    expect(copies.testingSharesClasses).toBe(true);
  });

  test.each(['esm', 'cjs'] as const)('have classes that bear their own names: %s', (copy) => {
    const names = Object.keys(copies.constructorNames[copy]);

    expect(names).toContain('SentianceUserLinkClient');
    expect(names).toContain('SentianceError');
    expect(Object.values(copies.constructorNames[copy])).toEqual(names);
  });

  test.each(['esmByCjs', 'cjsByEsm'] as const)("know each other's errors: %s", (direction) => {
    const any = ['SentianceError'];
    const responded = ['SentianceApiError', 'SentianceError'];
    const expected = {
      SentianceAbortError: ['SentianceAbortError', ...any],
      SentianceApiError: responded,
      SentianceAuthenticationError: ['SentianceAuthenticationError', ...responded],
      SentianceConfigurationError: ['SentianceConfigurationError', ...any],
      SentianceConnectionError: ['SentianceConnectionError', ...any],
      SentianceError: any,
      SentianceInvalidExternalIdError: ['SentianceInvalidExternalIdError', ...any],
      SentiancePermissionError: ['SentiancePermissionError', ...responded],
      SentianceRateLimitError: ['SentianceRateLimitError', ...responded],
      SentianceRedirectError: ['SentianceRedirectError', ...responded],
      SentianceRequestError: ['SentianceRequestError', ...responded],
      SentianceResponseError: ['SentianceResponseError', ...responded],
      SentianceServerError: ['SentianceServerError', ...responded],
      SentianceTimeoutError: ['SentianceTimeoutError', ...any],
    };
    for (const names of Object.values(expected)) names.sort();

    expect(copies.recognised[direction]).toEqual(expected);
  });
});
