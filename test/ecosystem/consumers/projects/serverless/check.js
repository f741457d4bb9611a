/** Runs the built function alone in a folder, against the emulator. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { SentianceEmulator } from 'sentiance-user-link/testing';

const [built] = process.argv.slice(2);
assert.deepEqual(readdirSync(dirname(built)), [basename(built)], 'one file was built');

// Nothing is installed here, nor above: the file has to bring all that it needs.
const folder = mkdtempSync(join(tmpdir(), 'function-'));
const file = join(folder, basename(built));
const emulator = new SentianceEmulator();
try {
  copyFileSync(built, file);
  copyFileSync('invoke.js', join(folder, 'invoke.mjs'));
  const baseUrl = await emulator.listen();

  const code = await invoke(baseUrl, emulator.apiKey);
  assert.equal(emulator.createUser(code.authenticationCode, { id: 'phone-1' }).restored, false);

  const refused = await invoke(baseUrl, 'wrong-key');
  assert.equal(refused.keyRefused, true);
  // A minifier renames classes; what a log shows must stay.
  assert.equal(refused.error.name, 'SentianceAuthenticationError');
  assert.equal(refused.error.code, 'unauthorized');
  assert.deepEqual(
    emulator.requests.map(({ status }) => status),
    [200, 401],
  );
} finally {
  await emulator.close();
  rmSync(folder, { recursive: true });
}

async function invoke(baseUrl, apiKey) {
  const env = { SENTIANCE_BASE_URL: baseUrl, SENTIANCE_USER_LINK_API_KEY: apiKey };
  const args = ['invoke.mjs', file, 'user-1'];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: folder, env });
  const { statusCode, body } = JSON.parse(stdout);
  assert.equal(statusCode, 200);
  return JSON.parse(body);
}
