/**
 * The attempts after the first, as retries of ky's: each round sends one attempt more, beside those
 * that are under way, and fails when yet another one is due.
 *
 * The first attempt is made without ky, whose two Request objects would cost every login half a
 * `fetch`. ky is given the URL and a closure, and no key, header or body: its errors print their
 * request.
 */

import type { Options, RetryOptions } from 'ky';

/** The call that the rounds belong to. */
export interface RoundsOwner {
  readonly url: string;
  /** Ends a wait. */
  readonly signal: AbortSignal;
  readonly isOver: boolean;
  /** Until then no attempt is sent: a `Retry-After` may come during a wait for the next one. */
  readonly notBefore: number;
  sendAttempt(): void;
  /** The call is over, or ky failed, and no planned attempt will be sent. */
  roundsHaveEnded(): void;
}

const NEVER = Number.POSITIVE_INFINITY;

export class Rounds {
  readonly #call: RoundsOwner;
  #nextAt = NEVER;
  #endRound: (() => void) | undefined;

  constructor(call: RoundsOwner) {
    this.#call = call;
  }

  /** Whether another attempt is planned that has not been sent yet. */
  get isWaiting(): boolean {
    return this.#nextAt !== NEVER;
  }

  /** `performance.now()` at which that attempt is due. */
  get nextAt(): number {
    return Math.max(this.#nextAt, this.#call.notBefore);
  }

  /** Plans another attempt, when none is waiting. */
  plan(at: number): void {
    this.#nextAt = at;
    if (this.#endRound) this.#endRound();
    else void this.#keep();
  }

  end(): void {
    this.#endRound?.();
  }

  async #keep(): Promise<void> {
    try {
      // Not at the top: ky cannot be loaded where there is no TextEncoder, as in Jest's jsdom, and
      // the constructor's refusal would not be reached there. The bundle has it in the same file.
      const { default: ky } = await import('ky');
      await ky.post(this.#call.url, this.#options());
    } catch {
      // The call is over, and has its result from an attempt. Or ky does not work here: there is no
      // Request, or somebody has put fields on the prototype of all objects.
    }
    this.#nextAt = NEVER;
    this.#endRound = undefined;
    this.#call.roundsHaveEnded();
  }

  #options(): Options {
    let round = (): Promise<never> => {
      round = () => this.#next();
      // The first attempt was ky's first round: it has failed, or is slow, already.
      return Promise.reject(anotherIsDue());
    };
    // Without prototypes: what pollutes that of all objects must not be taken for an option.
    return bare<Options>({
      fetch: () => round(),
      signal: this.#call.signal,
      timeout: false,
      retry: bare<RetryOptions>({
        // The call counts its attempts itself.
        limit: Number.MAX_SAFE_INTEGER,
        methods: ['post'],
        shouldRetry: () => !this.#call.isOver,
        delay: () => Math.max(this.#nextAt - performance.now(), 0),
      }),
    });
  }

  async #next(): Promise<never> {
    const { isOver, notBefore } = this.#call;
    // It may end in the very moment in which the wait does.
    if (isOver) throw new Error('the call is over');
    const round = new Promise<never>((_, reject) => {
      this.#endRound = () => reject(anotherIsDue());
    });
    if (this.#nextAt < notBefore) this.plan(notBefore);
    else {
      this.#nextAt = NEVER;
      this.#call.sendAttempt();
    }
    return round;
  }
}

function anotherIsDue(): Error {
  return new Error('another attempt is due');
}

function bare<T extends object>(object: T): T {
  return Object.assign(Object.create(null), object);
}
