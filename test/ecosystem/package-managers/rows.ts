/** The packed package as each package manager installs it: every entry, both formats, the command. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npmEnvironment } from '../shared/environment.js';
import { installPackages } from '../shared/npm.js';
import { runCommand } from '../shared/run-command.js';
import type { MatrixRow } from '../shared/run-matrix.js';
import { once, type Site } from '../shared/site.js';
import { PACKAGE_MANAGERS, type PackageManager } from './managers.js';

const PROJECT = fileURLToPath(new URL('project', import.meta.url));
const ROOT = new URL('../../../', import.meta.url);
const TIME_LIMIT = 300_000;
/** The last whose CommonJS loads from Yarn's archives on Node 20: later ones need ES modules there. */
const MSW = '2.11.2';

export function packageManagerRows(site: Site): MatrixRow[] {
  const registry = once(findRegistry);
  return PACKAGE_MANAGERS.map((manager) => ({
    name: manager.name,
    what: `${manager.what} installs it: import and require() of all entries, and the command`,
    run: async () => {
      await check(manager, site, await registry());
      return undefined;
    },
  }));
}

async function check(manager: PackageManager, site: Site, registry: string): Promise<void> {
  const { name, install, command, script } = manager;
  const home = join(site.folder, 'package-managers', name);
  await installPackages(home, manager.package);
  const project = join(home, 'project');
  mkdirSync(project, { recursive: true });
  cpSync(PROJECT, project, { recursive: true });
  const dependencies = { msw: MSW, 'sentiance-user-link': `file:${await site.tarball()}` };
  const files = {
    'package.json': JSON.stringify({ private: true, dependencies }),
    ...manager.files,
  };
  for (const [file, text] of Object.entries(files)) writeFileSync(join(project, file), text);

  const options = {
    cwd: project,
    env: { ...npmEnvironment(), ...settings(registry), ...manager.environment },
    timeLimit: TIME_LIMIT,
  };
  const program = join(home, 'node_modules', manager.program);
  const run = (...args: readonly string[]) =>
    manager.isBinary
      ? runCommand(program, args, options)
      : runCommand(process.execPath, [program, ...args], options);
  await run(...install);
  for (const file of ['check.mjs', 'check.cjs']) {
    if (script) await run(...script, file);
    else await runCommand(process.execPath, [file], options);
  }
  assert.equal(await run(...command, 'sentiance-user-link', '--version'), `${version()}\n`);
}

function version(): unknown {
  return JSON.parse(readFileSync(new URL('package.json', ROOT), 'utf8')).version;
}

/** npm, pnpm, Yarn 1 and Bun read npm's settings; Yarn 4 has its own. */
function settings(registry: string): Record<string, string> {
  const { NODE_EXTRA_CA_CERTS: authorities, HTTPS_PROXY: proxy } = process.env;
  return {
    npm_config_registry: registry,
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
    YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
    ...(authorities === undefined ? {} : { YARN_HTTPS_CA_FILE_PATH: authorities }),
    ...(proxy === undefined ? {} : { YARN_HTTPS_PROXY: proxy }),
  };
}

async function findRegistry(): Promise<string> {
  const options = { cwd: fileURLToPath(ROOT), env: npmEnvironment(), timeLimit: TIME_LIMIT };
  return (
    await runCommand('npm', ['config', 'get', 'registry', '--loglevel=error'], options)
  ).trim();
}
