/** Runtimes as npm serves them, kept between runs. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customerEnvironment } from '../shared/environment.js';
import { installPackages } from '../shared/npm.js';
import { runCommand } from '../shared/run-command.js';
import type { Runtime } from './runtimes.js';

/** `npm ci` empties it. */
const CACHE = fileURLToPath(new URL('../../../node_modules/.cache/runtimes', import.meta.url));

/** Resolves to the path of the binary, which has said that it is this version. */
export async function installRuntime(runtime: Runtime): Promise<string> {
  const { name, version, npmPackage, npmVersion = version, binary } = runtime;
  const folder = join(CACHE, `${name}-${version}`);
  const path = join(folder, 'node_modules', npmPackage, binary);
  if (await isVersion(path, version)) return path;
  // Of an installation that was broken off, some files may be there.
  rmSync(folder, { recursive: true, force: true });
  await installPackages(folder, { [npmPackage]: npmVersion }, '--no-package-lock');
  if (await isVersion(path, version)) return path;
  throw new Error(`${npmPackage}@${npmVersion} did not bring ${name} ${version}.`);
}

async function isVersion(path: string, version: string): Promise<boolean> {
  const options = { cwd: '/', env: customerEnvironment(), timeLimit: 20_000 };
  const said = await runCommand(path, ['--version'], options).catch(() => '');
  return said.split(/[\sv]+/).includes(version);
}
