/** No secret gets out of the installed package when a process crashes, is debugged or is tested. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, inject, test } from 'vitest';
import { CANARIES, canariesIn } from '../support/canary-texts.js';
import {
  answer,
  cutOff,
  hangUp,
  startLoopbackServer,
  startTlsLoopbackServer,
} from '../support/loopback-server.js';
import { selfSignedCertificate } from '../support/self-signed-certificate.js';
import { runInConsumer, runWithEnvironment } from './run-in-consumer.js';

interface Specimens {
  FAILURES: Record<string, () => Promise<Error>>;
  OBJECTS: Record<string, () => Promise<unknown>>;
}

const consumer = inject('consumer');
const specimens: Specimens = createRequire(join(consumer, 'consumer.cjs'))('./specimens.cjs');
const failures = Object.keys(specimens.FAILURES);

/** All that a process prints that is to fail. */
async function outputOfFailing(run: Promise<unknown>): Promise<string> {
  const { stdout, stderr } = await run.then(
    () => Promise.reject(new Error('This process was to fail.')),
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout + stderr;
}

describe('a crash prints no secret', () => {
  const ALL_THERE_IS = ['--enable-source-maps', '--trace-uncaught'];

  test.each(failures)('%s', async (failure) => {
    const { message } = (await specimens.FAILURES[failure]?.()) ?? {};
    const crashes = [
      runInConsumer('crash.cjs', failure, 'throw'),
      runInConsumer('crash.cjs', failure, 'reject among others'),
      runInConsumer(...ALL_THERE_IS, 'crash.cjs', failure, 'reject'),
    ];

    for (const output of await Promise.all(crashes.map(outputOfFailing))) {
      expect(output).toContain(message);
      expect(canariesIn(output)).toEqual([]);
    }
  });
});

describe('the debug output of Node shows no secret', () => {
  const { apiKey, externalId, authenticationCode } = CANARIES;
  const quote = `${apiKey} ${externalId} ${CANARIES.body}`;
  const issued = JSON.stringify({ authentication_code: authenticationCode, quote });
  const headers = { 'set-cookie': CANARIES.cookie, 'x-request': CANARIES.header };
  const RESPONSES = [
    answer(200, { headers, body: issued }),
    answer(400, { headers, body: JSON.stringify({ message: quote }) }),
    answer(302, { headers: { ...headers, location: '/elsewhere' } }),
    cutOff('chunked'),
    hangUp,
  ] as const;
  const ENDINGS = [
    'a code',
    'rejected',
    'unexpected_redirect',
    'connection_failed',
    'connection_failed',
  ];

  // Node promises nothing of its sections but that they help: see SECURITY.md on what is not covered.
  test.each(['fetch,undici', 'net,tls,http,http2,stream', '*'])(
    'NODE_DEBUG=%s',
    async (sections) => {
      const plain = await startLoopbackServer(...RESPONSES);
      const tls = await startTlsLoopbackServer(selfSignedCertificate(), ...RESPONSES);
      for (const { url } of [plain, tls]) {
        const { stdout, stderr } = await runWithEnvironment(
          { NODE_DEBUG: sections, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
          ...['network.cjs', url, String(RESPONSES.length)],
        );

        expect(stdout.trim().split('\n')).toEqual(ENDINGS);
        expect(stderr).toMatch(/^(FETCH|UNDICI|NET|STREAM) \d+: /m);
        expect(canariesIn(stdout + stderr)).toEqual([]);
      }
    },
  );
});

test('a failing assertion in Vitest prints no secret', { timeout: 60_000 }, async () => {
  const vitest = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

  const output = await outputOfFailing(runWithEnvironment({ NO_COLOR: '1' }, vitest, 'run'));

  expect(output).toMatch(/Tests {2}\d+ failed \(\d+\)/);
  expect(canariesIn(output)).toEqual([]);
});
