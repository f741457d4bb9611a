/** What a response that floods the client costs: little memory, and no time beyond `timeout`. */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Watched } from './support/ask-under-watch.js';
import { bomb, CHUNKED_HEAD, interim, pouring, pouringChunks } from './support/faults/floods.js';
import { type Behaviour, issueCode, raw, startLoopbackServer } from './support/loopback-server.js';

const CALLER = fileURLToPath(new URL('support/ask-under-watch.ts', import.meta.url));
const OK = 'HTTP/1.1 200 OK\r\n';

describe('A backend stays small and on time when its platform sends', () => {
  let backend: ChildProcess;
  let stderr = '';
  beforeAll(() => {
    backend = fork(CALLER, { execArgv: ['--import', 'tsx'], silent: true });
    backend.stderr?.on('data', (text) => {
      stderr += String(text);
    });
  });
  afterAll(() => void backend.kill());

  function callTo(url: string): Promise<Watched> {
    const ended = new Promise<Watched>((resolve) => backend.once('message', resolve));
    backend.send(url);
    return ended;
  }

  test.each<[string, () => Behaviour]>([
    ['102 without end', () => pouring(interim('102 Processing', 500))],
    ['103 without end', () => pouring(interim('103 Early Hints', 500))],
    ['empty lines without end', () => pouring('\r\n'.repeat(10_000))],
    ['a status line without end', () => pouring('x'.repeat(10_000), 'HTTP/1.1 200 ')],
    ['a header without end', () => pouring('x'.repeat(10_000), `${OK}X-Long: `)],
    ['10,000 headers', () => raw(`${OK}${'X-Many: x\r\n'.repeat(10_000)}\r\n`)],
    ['headers without end', () => pouring('X-Many: x\r\n'.repeat(1_000), OK)],
    ['trailers without end', () => pouring('X-Many: x\r\n'.repeat(1_000), `${CHUNKED_HEAD}0\r\n`)],
    [
      'the extension of a chunk without end',
      () => pouring('key=value;'.repeat(1_000), `${CHUNKED_HEAD}1;`),
    ],
    ['the length of a chunk without end', () => pouring('0'.repeat(10_000), CHUNKED_HEAD)],
    ['a body without end', () => pouringChunks(65_536)],
    ['a body without end, a byte a chunk', () => pouringChunks(1)],
    ['300 MB in gzip', () => bomb('gzip')],
    ['300 MB in gzip in gzip', () => bomb('gzip, gzip')],
    ['300 MB in brotli', () => bomb('br')],
  ])('%s', { timeout: 20_000 }, async (_, flood) => {
    const { url } = await startLoopbackServer(issueCode, flood());

    const { code, late, grown } = await callTo(url);

    expect(['timeout', 'connection_failed', 'invalid_response']).toContain(code);
    // The machine may be busy.
    expect(late).toBeLessThan(300);
    // Less than a bomb unpacks to: what was read of a socket waits for the collector, in V8's own time.
    expect(grown).toBeLessThan(280);
    expect(stderr).toBe('');
  });
});
