import type { EndSource } from './scope.js';

/** The sources by their signals. */
const sources = new WeakMap<AbortSignal, SharedSignal>();

/**
 * A caller's signal with one listener on it for all calls that share it. With one a call, Node warns
 * of a leak at the eleventh, as when every login gets the signal of a shutdown.
 */
export function shareSignal(signal: AbortSignal): EndSource {
  const known = sources.get(signal);
  if (known !== undefined) return known;
  const source = new SharedSignal(signal);
  sources.set(signal, source);
  return source;
}

class SharedSignal implements EndSource {
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get hasEnded(): boolean {
    return guarded(() => this.#signal.aborted);
  }

  onEnd(listener: () => void): void {
    if (this.#listeners.size === 0) {
      guarded(() => this.#signal.addEventListener('abort', this.#onAbort));
    }
    this.#listeners.add(listener);
  }

  offEnd(listener: () => void): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    guarded(() => this.#signal.removeEventListener('abort', this.#onAbort));
  }

  readonly #onAbort = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };
}

/** What a signal of the caller's own making throws may hold anything, an error of ours included. */
function guarded<T>(action: () => T): T {
  try {
    const result = action();
    // Where a function of theirs is async, its rejection would end the process.
    if (result instanceof Promise) result.catch(() => {});
    return result;
  } catch {
    throw new TypeError('The signal threw an error.');
  }
}
