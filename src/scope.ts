import type { AbortSource } from './shared-signal.js';

/** Why a scope ended before its work was done. */
export type EndReason = 'aborted' | 'timeout';

/**
 * The life of a call, or of one attempt within it: it ends early when its time is over or when the
 * signal above it aborts, whichever is first. `close` leaves no timer and no listener behind.
 */
export class Scope {
  /** Why it ended early; `undefined` as long as it has not. */
  endReason: EndReason | undefined;

  readonly #controller = new AbortController();
  readonly #above: AbortSource | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #endsAt: number;

  constructor(timeLimit: number, above: AbortSource | undefined) {
    this.#above = above;
    if (above?.aborted) this.#end('aborted');
    else above?.addEventListener('abort', this.#onAbort);
    this.#endsAt = performance.now() + timeLimit;
    this.#timer = setTimeout(() => this.#end('timeout'), timeLimit);
  }

  /** Aborts when the scope ends early. It never carries the reason of the signal above. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds until its time is over. */
  get remaining(): number {
    return this.#endsAt - performance.now();
  }

  /**
   * Settles as `work` does, or rejects as soon as the scope ends. `stop` runs then, to end the work
   * where that can be done.
   */
  run<T>(work: Promise<T>, stop?: () => void): Promise<T> {
    const { signal } = this;
    return new Promise((resolve, reject) => {
      const onEnd = () => {
        stop?.();
        reject(signal.reason);
      };
      if (signal.aborted) onEnd();
      else signal.addEventListener('abort', onEnd, { once: true });
      work.then(resolve, reject);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#above?.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => this.#end('aborted');

  #end(reason: EndReason): void {
    if (this.endReason !== undefined) return;
    this.endReason = reason;
    this.#controller.abort();
  }
}
