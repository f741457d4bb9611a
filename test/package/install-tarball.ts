/** Packs the package as a release does and installs it as a customer does, once for all tests. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { TestProject } from 'vitest/node';
import { npmCommand } from '../../scripts/npm-command.mjs';

declare module 'vitest' {
  interface ProvidedContext {
    /** A copy of the folder `consumer`, in a place of its own, with the packed package installed. */
    consumer: string;
  }
}

export default function setup(project: TestProject): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sentiance-user-link-'));
  const consumer = join(folder, 'consumer');
  cpSync(fileURLToPath(new URL('consumer', import.meta.url)), consumer, { recursive: true });
  cpSync(
    fileURLToPath(new URL('../support/canaries.json', import.meta.url)),
    `${consumer}/canaries.json`,
  );

  npm(project.config.root, 'pack', '--pack-destination', folder);
  const tarballs = readdirSync(folder).filter((entry) => entry.endsWith('.tgz'));
  // Offline and with an empty cache: whatever the package depended on could not be had.
  const isolated = ['--offline', '--cache', join(folder, 'cache'), '--ignore-scripts'];
  npm(consumer, 'install', ...isolated, ...tarballs.map((tarball) => join(folder, tarball)));

  project.provide('consumer', consumer);
  return () => rmSync(folder, { recursive: true, force: true });
}

function npm(cwd: string, ...args: string[]): void {
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund'];
  execFileSync(...npmCommand(...args, ...quiet), { cwd, encoding: 'utf8', stdio: 'pipe' });
}
