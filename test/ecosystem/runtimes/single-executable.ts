/** The checks and Node in one executable file, which Node calls a SEA. */
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerEnvironment } from '../shared/environment.js';
import { runCommand } from '../shared/run-command.js';
import { bundle } from './bundle.js';

/** Node's documentation has it; where the executable is told that it holds a program. */
const FUSE = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';
/** Builds the whole by itself. */
const FIRST_WITH_BUILD_SEA = 26;

/** Resolves to the executable's path. */
export async function buildSingleExecutable(
  node: string,
  major: number,
  project: string,
): Promise<string> {
  const folder = join(project, 'single-executables', String(major));
  mkdirSync(folder, { recursive: true });
  const main = join(folder, 'main.cjs');
  const executable = join(folder, process.platform === 'win32' ? 'checks.exe' : 'checks');
  const config = join(folder, 'sea.json');
  await bundle('single-executable.mjs', { project, format: 'cjs', hasNode: true, outfile: main });
  const run = (...args: string[]) =>
    runCommand(node, args, { cwd: project, env: customerEnvironment(), timeLimit: 60_000 });

  const isWhole = major >= FIRST_WITH_BUILD_SEA;
  const output = isWhole ? executable : join(folder, 'checks.blob');
  writeFileSync(config, JSON.stringify({ main, output, disableExperimentalSEAWarning: true }));
  if (isWhole) await run('--build-sea', config);
  else {
    await run('--experimental-sea-config', config);
    copyFileSync(node, executable);
    const postject = join(project, 'node_modules/postject/dist/cli.js');
    await run(postject, executable, 'NODE_SEA_BLOB', output, '--sentinel-fuse', FUSE);
  }
  return executable;
}
