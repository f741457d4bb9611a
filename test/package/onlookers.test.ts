/** What SECURITY.md says is not covered, because whoever has the run of a process sees its memory. */
import { expect, test } from 'vitest';
import { CANARIES } from '../support/canary-texts.js';
import { issueCode, startLoopbackServer } from '../support/loopback-server.js';
import { runWithEnvironment } from './run-in-consumer.js';

test('these see the key, whatever a library does', async () => {
  const { url } = await startLoopbackServer(issueCode);
  const environment = { SENTIANCE_USER_LINK_API_KEY: CANARIES.apiKey };

  const { stdout } = await runWithEnvironment(environment, 'onlookers.cjs', url);

  expect(stdout.trim().split('\n')).toEqual([
    'a subscriber to the channels of undici: true',
    'a debugger: true',
    'a heap snapshot: true',
    'a diagnostic report: true',
  ]);
});
