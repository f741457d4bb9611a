/**
 * One listener on a caller's signal for all calls that share it. With one a call, Node warns of a
 * leak at the eleventh, as when every login gets the signal of a shutdown.
 */
const sharers = new WeakMap<AbortSignal, SharedListener>();

/** Calls the listener when the signal aborts, at once if it has. Returns what stops that. */
export function onAbort(signal: AbortSignal, listener: () => void): (() => void) | undefined {
  if (signal.aborted) {
    listener();
    return undefined;
  }
  const shared = sharers.get(signal) ?? new SharedListener(signal);
  sharers.set(signal, shared);
  shared.add(listener);
  return () => shared.remove(listener);
}

class SharedListener {
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  add(listener: () => void): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener('abort', this.#callAll);
    this.#listeners.add(listener);
  }

  remove(listener: () => void): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    try {
      this.#signal.removeEventListener('abort', this.#callAll);
    } catch {
      // A signal of somebody's own making. The call has its result already.
    }
  }

  readonly #callAll = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };
}
