/** Runs commands, by a call and as a process of their own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.js';
import { SentianceEmulator } from '../../src/testing/index.js';

export const KEY_VARIABLE = 'SENTIANCE_USER_LINK_API_KEY';

/** Runs a command to its end: its exit status, and what it printed. */
export async function run(...args: string[]) {
  const { done, out, err } = start(...args);
  return { status: await done, out: out.join('\n'), err: err.join('\n') };
}

export function start(...args: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const done = main(args, { out: (line) => out.push(line), err: (line) => err.push(line) });
  return { done, out, err };
}

/** A platform that knows one key without the scope. */
export async function startPlatform(): Promise<SentianceEmulator> {
  const emulator = new SentianceEmulator({ keysWithoutScope: ['test-key-without-scope'] });
  await emulator.listen();
  onTestFinished(() => emulator.close());
  return emulator;
}

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The executable as a process, ended with the test. */
export function startProcess(args: string[], env: NodeJS.ProcessEnv = {}): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/bin.ts', ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'pipe',
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** All that a process prints, and how it ends. */
export async function resultOf(child: ChildProcess) {
  let out = '';
  let err = '';
  child.stdout?.on('data', (chunk) => {
    out += String(chunk);
  });
  child.stderr?.on('data', (chunk) => {
    err += String(chunk);
  });
  const [status] = await once(child, 'close');
  return { status, out, err };
}
