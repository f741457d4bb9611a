/** Why a scope ended before its work was done. */
export type EndReason = 'aborted' | 'timeout';

/** Something that can end while work goes on below it: a caller's signal, or a scope. */
export interface EndSource {
  readonly hasEnded: boolean;
  onEnd(listener: () => void): void;
  offEnd(listener: () => void): void;
}

/**
 * The life of a call, or of one attempt within it: it ends early when its time is over or when what
 * is above it ends, whichever is first. `close` leaves no timer and no listener behind.
 *
 * Listeners of its own, and an AbortSignal only where one is asked for: Node makes one at a price
 * that every login would pay, for the call and again for the attempt: on Node 20, a twentieth of a
 * fetch.
 */
export class Scope implements EndSource {
  /** Why it ended early; `undefined` as long as it has not. */
  endReason: EndReason | undefined;

  readonly #above: EndSource | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #endsAt: number;
  readonly #listeners = new Set<() => void>();
  #controller: AbortController | undefined;

  constructor(timeLimit: number, above: EndSource | undefined) {
    this.#above = above;
    if (above?.hasEnded) this.#end('aborted');
    else above?.onEnd(this.#onEndAbove);
    this.#endsAt = performance.now() + timeLimit;
    this.#timer = setTimeout(() => this.#end('timeout'), timeLimit);
  }

  get hasEnded(): boolean {
    return this.endReason !== undefined;
  }

  /** Aborts when the scope ends early. It never carries the reason of the signal above. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.hasEnded) this.#controller.abort();
    return this.#controller.signal;
  }

  /** Milliseconds until its time is over. */
  get remaining(): number {
    return this.#endsAt - performance.now();
  }

  onEnd(listener: () => void): void {
    this.#listeners.add(listener);
  }

  offEnd(listener: () => void): void {
    this.#listeners.delete(listener);
  }

  /**
   * Settles as `work` does, or rejects with the reason as soon as the scope ends. `stop` runs then,
   * to end the work where that can be done.
   */
  run<T>(work: Promise<T>, stop?: () => void): Promise<T> {
    return new Promise((resolve, reject) => {
      const onEnd = () => {
        stop?.();
        reject(this.endReason);
      };
      if (this.hasEnded) onEnd();
      else this.onEnd(onEnd);
      work.then(resolve, reject);
    });
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#above?.offEnd(this.#onEndAbove);
  }

  readonly #onEndAbove = (): void => this.#end('aborted');

  #end(reason: EndReason): void {
    if (this.hasEnded) return;
    this.endReason = reason;
    this.#controller?.abort();
    for (const listener of [...this.#listeners]) listener();
  }
}
