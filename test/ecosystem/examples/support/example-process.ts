/** An example as it runs for real: a process of its own, with an environment of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { customerEnvironment } from '../../shared/environment.js';
import { readManifest } from '../folder.js';

const LISTENING = /http:\/\/(localhost|127\.0\.0\.1|\[::1?\]):\d+/;

// So that there is an 'exit', which ends the examples.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

export type Environment = Record<string, string>;

export class ExampleProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #listeners = new Set<() => void>();
  #output = '';
  #hasEnded = false;

  /** Does what `npm start` does in the folder, without npm, which would stand between. */
  constructor(folder: string, environment: Environment) {
    this.#child = spawn(process.execPath, startArguments(folder), {
      cwd: folder,
      env: { ...customerEnvironment(), NEXT_TELEMETRY_DISABLED: '1', ...environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    // Whatever ends this process, the example ends with it.
    const kill = () => this.#child.kill('SIGKILL');
    process.once('exit', kill);
    this.#closed = once(this.#child, 'close').finally(() => {
      process.off('exit', kill);
      this.#hasEnded = true;
      this.#notify();
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        this.#output += text;
        this.#notify();
      });
    }
  }

  /** All that it has written to its standard output and standard error. */
  get output(): string {
    return this.#output;
  }

  /** Waits for a line of output; fails when it does not come, or the process ends before it. */
  waitForLine(pattern: RegExp, limit = 20_000): Promise<string> {
    return new Promise((resolve, reject) => {
      const settle = (end: () => void) => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        end();
      };
      const fail = (how: string) => settle(() => reject(this.#failure(how)));
      const look = () => {
        const line = this.#output.split('\n').find((candidate) => pattern.test(candidate));
        if (line !== undefined) settle(() => resolve(line));
        else if (this.#hasEnded) fail(`ended without ${pattern}`);
      };
      const timer = setTimeout(() => fail(`wrote no ${pattern} within ${limit} ms`), limit);
      this.#listeners.add(look);
      look();
    });
  }

  /** The URL that it says it listens on. */
  async url(): Promise<string> {
    const line = await this.waitForLine(LISTENING);
    return LISTENING.exec(line)?.[0] ?? '';
  }

  /** Ends it, and waits until it has ended. */
  async stop(): Promise<void> {
    if (this.#hasEnded) return;
    this.#child.kill('SIGTERM');
    const lastResort = setTimeout(() => this.#child.kill('SIGKILL'), 5_000);
    await this.#closed;
    clearTimeout(lastResort);
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }

  #failure(what: string): Error {
    const end = this.#output.slice(-2_000);
    return new Error(`The example ${what}. The end of its output:\n${end}`);
  }
}

/** What Node is given to run the script `start`: its module, or that of a package's command. */
function startArguments(folder: string): readonly string[] {
  const [command = '', ...args] =
    readManifest(join(folder, 'package.json')).scripts?.start?.split(' ') ?? [];
  if (command === 'node') return args;
  const installed = join('node_modules', command);
  const { bin } = readManifest(join(folder, installed, 'package.json'));
  return [join(installed, bin?.[command] ?? ''), ...args];
}
