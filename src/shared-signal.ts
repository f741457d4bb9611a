/** What a scope needs of a signal. */
export interface AbortSource {
  readonly aborted: boolean;
  addEventListener(type: 'abort', listener: () => void): void;
  removeEventListener(type: 'abort', listener: () => void): void;
}

/** The sources by their signals, as long as a call follows one. */
const sources = new WeakMap<AbortSignal, SharedSignal>();

/**
 * A caller's signal with one listener on it for all calls that share it. With one a call, Node warns
 * of a leak at the eleventh, as when every login gets the signal of a shutdown.
 */
export function shareSignal(signal: AbortSignal): AbortSource {
  const known = sources.get(signal);
  if (known !== undefined) return known;
  const source = new SharedSignal(signal);
  sources.set(signal, source);
  return source;
}

class SharedSignal implements AbortSource {
  readonly #signal: AbortSignal;
  readonly #listeners = new Set<() => void>();

  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  get aborted(): boolean {
    return this.#signal.aborted;
  }

  addEventListener(_type: 'abort', listener: () => void): void {
    if (this.#listeners.size === 0) this.#signal.addEventListener('abort', this.#onAbort);
    this.#listeners.add(listener);
  }

  removeEventListener(_type: 'abort', listener: () => void): void {
    if (!this.#listeners.delete(listener) || this.#listeners.size > 0) return;
    this.#signal.removeEventListener('abort', this.#onAbort);
  }

  readonly #onAbort = (): void => {
    for (const listener of [...this.#listeners]) listener();
  };
}
