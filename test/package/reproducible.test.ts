import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, inject, onTestFinished, test } from 'vitest';
import { npmCommand } from '../../scripts/npm-command.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Builds and packs the package in another time zone and language, and gives the tarball's hash. */
function packAgain(): string {
  const folder = mkdtempSync(join(tmpdir(), 'packed-again-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  execFileSync(...npmCommand('pack', '--pack-destination', folder, '--loglevel=error'), {
    cwd: ROOT,
    env: { ...process.env, TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8' },
    stdio: 'pipe',
  });
  return hashOfTarball(folder);
}

function hashOfTarball(folder: string): string {
  const [tarball, ...others] = readdirSync(folder).filter((file) => file.endsWith('.tgz'));
  if (tarball === undefined || others.length > 0) throw new Error('There is no single tarball.');
  return createHash('sha512')
    .update(readFileSync(join(folder, tarball)))
    .digest('hex');
}

test('two builds of one source give the same tarball, byte for byte', { timeout: 120_000 }, () => {
  expect(packAgain()).toBe(hashOfTarball(join(inject('consumer'), '..')));
});
