import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** `well` responds with codes, but for the share of faults that was asked for. */
export type Mode = 'well' | 'unavailable' | 'silent';

/** What is left out stays as it is. A mode begins new statistics. */
export interface Command {
  mode?: Mode;
  /** The keys that are accepted. */
  keys?: readonly string[];
  /** Which part of the requests meets a fault. */
  faultRate?: number;
}

/** What arrived since the mode began. */
export interface Statistics {
  requests: number;
  refusedKeys: number;
  requestsByKey: Record<string, number>;
  /** Requests in each 50 ms. */
  arrivals: (number | null)[];
}

/** A platform in a process of its own, which ends with this one. */
export class Platform {
  readonly url: string;
  readonly #process: ChildProcess;

  private constructor(url: string, child: ChildProcess) {
    this.url = url;
    this.#process = child;
  }

  static async start(seed: number): Promise<Platform> {
    const script = fileURLToPath(new URL('platform-process.ts', import.meta.url));
    const child = fork(script, [String(seed)]);
    const [url] = await once(child, 'message');
    return new Platform(url, child);
  }

  /** Tells it how to behave from now on; resolves when it does, to what has arrived. */
  async tell(command: Command): Promise<Statistics> {
    const told = once(this.#process, 'message');
    this.#process.send(command);
    const [statistics] = await told;
    return statistics;
  }

  stop(): void {
    this.#process.disconnect();
  }
}
