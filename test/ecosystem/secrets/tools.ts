/** A project with the tools and the packed package installed. */
import { execFile } from 'node:child_process';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customerEnvironment, npmEnvironment } from '../shared/environment.js';
import { runNpm } from '../shared/npm.js';
import type { Site } from '../shared/site.js';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const TEST = fileURLToPath(new URL('../..', import.meta.url));
const TIME_LIMIT = 120_000;

/** What a script printed, and how it ended. */
export interface Printed {
  status: number;
  output: string;
}

/** Runs a script of the project, or of a package in it. */
export type RunScript = (script: string, ...args: string[]) => Promise<Printed>;

export async function installTools(site: Site): Promise<RunScript> {
  const project = join(site.folder, 'secrets');
  cpSync(join(HERE, 'project'), project, { recursive: true });
  for (const file of ['package.json', 'package-lock.json', '.npmrc']) {
    cpSync(join(HERE, file), join(project, file));
  }
  // The same errors as those in which the tests of the package look for secrets.
  cpSync(join(TEST, 'support/canaries.json'), join(project, 'canaries.json'));
  for (const file of ['specimens.cjs', 'failing-assertions.cjs']) {
    cpSync(join(TEST, 'package/consumer', file), join(project, file));
  }
  const npm = (...args: string[]) =>
    runNpm([...args, '--ignore-scripts', '--loglevel=error'], {
      cwd: project,
      env: npmEnvironment(),
      timeLimit: TIME_LIMIT,
    });
  await npm('ci', '--prefer-offline');
  await npm('install', '--no-save', '--offline', await site.tarball());
  return (script, ...args) => runScript(project, script, args);
}

function runScript(cwd: string, script: string, args: string[]): Promise<Printed> {
  const options = { cwd, env: customerEnvironment(), timeout: TIME_LIMIT, maxBuffer: 2 ** 28 };
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [script, ...args], options, (_, stdout, stderr) => {
      resolve({ status: child.exitCode ?? -1, output: stdout + stderr });
    });
  });
}
