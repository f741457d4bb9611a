/** The tests of safety can fail: with any of these leaks in the source they do, and say what leaks. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { LEAKS, type Leak } from './support/leaks.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
// Without the second, Windows opens no socket.
const { PATH, SYSTEMROOT, TEMP } = process.env;
const VITEST = join(ROOT, 'node_modules/vitest/vitest.mjs');

/** Runs tests of safety with a leak in the source, up to the first one that fails. */
function runSuite({ title, suite, tests }: Leak) {
  const options = ['--config', 'test/support/leaky.config.ts', '--bail', '1', '-t', tests];
  return promisify(execFile)(
    process.execPath,
    [VITEST, 'run', `test/safety/${suite}`, ...options],
    {
      cwd: ROOT,
      env: { PATH, SYSTEMROOT, TEMP, LEAK: title, NO_COLOR: '1' },
    },
  );
}

test.concurrent.each(LEAKS)(
  'The tests of safety notice $title',
  { timeout: 60_000 },
  async (leak) => {
    await expect(runSuite(leak)).rejects.toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/Tests {2}1 failed/),
      stderr: expect.stringContaining(leak.found),
    });
  },
);
