/** The package as a release packs it, and folders that have it installed as a customer does. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmEnvironment } from './environment.js';
import { type CommandOptions, runCommand } from './run-command.js';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const TIME_LIMIT = 180_000;

/** What to install, by the name that it is imported by: a version, or `file:` and a tarball. */
export type Packages = Readonly<Record<string, string>>;

/** Builds and packs this repository's package, and resolves to the tarball's path. */
export async function packTarball(folder: string): Promise<string> {
  return pack(ROOT, folder, []);
}

/** Packs an installed package again, as another version of it. */
export async function packAsVersion(
  installed: string,
  version: string,
  folder: string,
): Promise<string> {
  const copy = join(folder, 'copy');
  cpSync(installed, copy, { recursive: true });
  const manifest = join(copy, 'package.json');
  const fields: object = JSON.parse(readFileSync(manifest, 'utf8'));
  writeFileSync(manifest, JSON.stringify({ ...fields, version }));
  // Without `prepack`: it is built already.
  return pack(copy, folder, ['--ignore-scripts']);
}

async function pack(source: string, folder: string, options: readonly string[]): Promise<string> {
  const destination = join(folder, 'tarball');
  mkdirSync(destination, { recursive: true });
  await npm(source, ['pack', '--pack-destination', destination, ...options]);
  const [tarball, ...others] = readdirSync(destination);
  if (tarball === undefined || others.length > 0) throw new Error('npm pack made no single file.');
  return join(destination, tarball);
}

/** Installs packages into a new folder. */
export async function installPackages(
  folder: string,
  packages: Packages,
  ...options: readonly string[]
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const manifest = { private: true, dependencies: packages };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  // Only the package `node` is nothing without its install script, which fetches the binary.
  const scripts = 'node' in packages ? [] : ['--ignore-scripts'];
  await npm(folder, ['install', '--prefer-offline', ...scripts, ...options]);
}

/** Installs what the folder's own package.json lists. */
export async function installFolder(folder: string): Promise<void> {
  await npm(folder, ['install', '--prefer-offline', '--ignore-scripts']);
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const quiet = ['--loglevel=error', '--no-audit', '--no-fund', '--no-update-notifier'];
  await runNpm([...args, ...quiet], {
    cwd,
    env: npmEnvironment(),
    timeLimit: TIME_LIMIT,
  });
}

/** Runs npm by its module where that is known: on Windows, the command is a script for a shell. */
export function runNpm(args: readonly string[], options: CommandOptions): Promise<string> {
  const { npm_execpath: module = '' } = process.env;
  if (basename(module) !== 'npm-cli.js') return runCommand('npm', args, options);
  return runCommand(process.execPath, [module, ...args], options);
}
