import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inject } from 'vitest';

const run = promisify(execFile);

/**
 * Runs Node in the project that has the package installed, with an empty environment. Rejects when
 * the process fails, or does not end by itself.
 */
export function runInConsumer(...args: string[]): Promise<{ stdout: string; stderr: string }> {
  return runWithEnvironment({}, ...args);
}

/** The same with something in the environment. */
export function runWithEnvironment(
  env: Record<string, string>,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  return run(process.execPath, args, { cwd: inject('consumer'), env, timeout: 20_000 });
}
