/** Why a call ended before its work was done. */
export type EndReason = 'aborted' | 'timeout';

/**
 * The life of one call: it ends early when the caller's signal aborts or when `totalTimeout` is
 * over, whichever is first. One signal and one timer for all that a call does; `close` leaves no
 * timer and no listener behind.
 */
export class CallScope {
  /** Why the call ended early; `undefined` as long as it has not. */
  endReason: EndReason | undefined;

  readonly #controller = new AbortController();
  readonly #callerSignal: AbortSignal | undefined;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #endsAt: number;

  constructor(totalTimeout: number, callerSignal: AbortSignal | undefined) {
    this.#endsAt = performance.now() + totalTimeout;
    this.#timer = setTimeout(() => this.#end('timeout'), totalTimeout);
    this.#callerSignal = callerSignal;
    if (callerSignal?.aborted) this.#end('aborted');
    else callerSignal?.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  /** Aborts when the call ends early. It never carries the caller's own reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Milliseconds that are left of `totalTimeout`. */
  get remaining(): number {
    return this.#endsAt - performance.now();
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#callerSignal?.removeEventListener('abort', this.#onCallerAbort);
  }

  readonly #onCallerAbort = (): void => this.#end('aborted');

  #end(reason: EndReason): void {
    if (this.endReason !== undefined) return;
    this.endReason = reason;
    this.#controller.abort();
  }
}

/**
 * Settles as `work` does, or rejects as soon as `signal` aborts. `onAbort` runs first, to stop the
 * work where it can be stopped.
 */
export async function untilAborted<T>(
  signal: AbortSignal,
  work: Promise<T>,
  onAbort?: () => void,
): Promise<T> {
  let listener: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    listener = () => {
      onAbort?.();
      reject(signal.reason);
    };
    if (signal.aborted) listener();
    else signal.addEventListener('abort', listener, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    if (listener) signal.removeEventListener('abort', listener);
  }
}
