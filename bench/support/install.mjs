/** Puts the peers, and our package as it is published, into `bench/node_modules`. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmCommand } from '../../scripts/npm-command.mjs';

const bench = fileURLToPath(new URL('..', import.meta.url));
const root = join(bench, '..');
const TIME_LIMIT = 300_000;

export function install() {
  const folder = mkdtempSync(join(tmpdir(), 'sentiance-user-link-bench-'));
  try {
    // Builds, too.
    npm(root, 'pack', '--pack-destination', folder);
    const tarballs = readdirSync(folder).map((name) => join(folder, name));
    npm(bench, 'ci', '--prefer-offline');
    npm(bench, 'install', '--no-save', '--offline', ...tarballs);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function npm(cwd, ...args) {
  execFileSync(...npmCommand(...args, '--loglevel=error'), {
    cwd,
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: TIME_LIMIT,
  });
}
