/** The emulator's clock: the machine's or a test's, and what was added to it. */
import { LONGEST_TIME } from '../code-lifetime.js';

export class Clock {
  readonly #read: (() => number) | undefined;
  #offset = 0;

  /** @param read A test's clock. */
  constructor(read: (() => number) | undefined) {
    this.#read = read;
  }

  /** Milliseconds since 1970. */
  get now(): number {
    return (this.#read ?? Date.now)() + this.#offset;
  }

  /** Takes what a caller without TypeScript may pass. */
  advance(ms: unknown): void {
    if (!(typeof ms === 'number' && ms >= 0 && this.#offset + ms <= LONGEST_TIME)) {
      throw new TypeError(
        `advance: ms must be a number of milliseconds from 0 to ${LONGEST_TIME} (100 years), all moves together.`,
      );
    }
    this.#offset += ms;
  }

  /** Takes back every move. */
  reset(): void {
    this.#offset = 0;
  }
}
