import { type ChildProcess, spawn } from 'node:child_process';
import { npmCommand } from '../../../scripts/npm-command.mjs';

export interface CommandOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  /** Milliseconds after which the command, and all that it started, is killed. */
  timeLimit: number;
}

/** A command that failed; the message holds all that it printed. */
export class CommandError extends Error {}

/**
 * Runs a command without standard input and resolves to all that it printed. Rejects with a
 * `CommandError` when its exit status is not 0 or its time is over.
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeLimit }: CommandOptions,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const [program, parameters] = command === 'npm' ? npmCommand(...args) : [command, args];
    // A process group of its own, so that what the command started is killed with it.
    const child = spawn(program, parameters, {
      cwd,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    running.add(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    }
    let ending = '';
    const timer = setTimeout(() => {
      ending = `killed after ${timeLimit / 1_000} s`;
      kill(child);
    }, timeLimit);
    const settle = (how: string | undefined) => {
      clearTimeout(timer);
      running.delete(child);
      if (how === undefined) return resolve(output);
      reject(new CommandError(`$ ${[command, ...args].join(' ')}\n${output.trimEnd()}\n(${how})`));
    };
    child.on('error', (error) => settle(error.message));
    child.on('close', (status, signal) => {
      if (ending !== '') settle(ending);
      else settle(status === 0 ? undefined : `exit status ${status ?? signal}`);
    });
  });
}

const running = new Set<ChildProcess>();

function kill({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

// Groups of their own do not get the terminal's Ctrl-C.
process.on('exit', () => running.forEach(kill));
process.on('SIGINT', () => process.exit(130));
process.on('SIGTERM', () => process.exit(143));
