const STORE = 100;
const GAINED_A_CALL = 0.2;
const GAINED_A_SECOND = 10;

/**
 * What a client may spend on retries and hedges, one token each. A quiet backend always has some; an
 * outage is met with about a fifth more requests than calls, not with three times as many.
 */
export class RetryBudget {
  #tokens = STORE;
  #countedAt = performance.now();

  /** For each call that begins. */
  deposit(): void {
    this.#gain(GAINED_A_CALL);
  }

  /** Takes a token, if there is one. */
  take(): boolean {
    const now = performance.now();
    this.#gain((Math.max(now - this.#countedAt, 0) / 1_000) * GAINED_A_SECOND);
    this.#countedAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    return true;
  }

  #gain(tokens: number): void {
    this.#tokens = Math.min(this.#tokens + tokens, STORE);
  }
}
