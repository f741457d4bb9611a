/**
 * The attempts after the first, as retries of ky's: each round sends one attempt more, beside those
 * that are under way, and fails when there is a wait for yet another one.
 *
 * The first attempt is made without ky, whose two Request objects would cost every login half a
 * `fetch`. ky is given the URL and a closure, and no key, header or body: its errors print their
 * request.
 */

import type { KyInstance, Options, RetryOptions } from 'ky';

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
    if (this.#endRound === undefined) void this.#keep();
    else if (this.#isDue) this.#send();
    else this.#endRound();
  }

  /** A hedge needs no wait, and a timer of ky's would put it off. */
  get #isDue(): boolean {
    return this.nextAt <= performance.now();
  }

  #send(): void {
    this.#nextAt = NEVER;
    this.#call.sendAttempt();
  }

  async #keep(): Promise<void> {
    try {
      await (await loadKy()).post(this.#call.url, this.#options());
    } catch {
      // The call is over, and has its result from an attempt. Or ky does not work here: there is no
      // Request, or somebody has put fields on the prototype of all objects.
    }
    this.#nextAt = NEVER;
    this.#endRound = undefined;
    this.#call.roundsHaveEnded();
  }

  #options(): Options {
    let rounds = 0;
    const round = async () => {
      rounds += 1;
      // The first attempt was ky's first round: it has failed already, and a wait is due.
      if (rounds === 1 && !this.#isDue) throw anotherIsDue();
      return this.#next();
    };
    // Without prototypes: what pollutes that of all objects must not be taken for an option.
    return bare<Options>({
      fetch: round,
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
    // A call that ends leaves its last round pending: nobody waits for it.
    const round = new Promise<never>((_, reject) => {
      this.#endRound = () => reject(anotherIsDue());
    });
    if (this.#nextAt < notBefore) this.plan(notBefore);
    else this.#send();
    return round;
  }
}

let ky: KyInstance | undefined;

/**
 * Not at the top: ky cannot be loaded where there is no TextEncoder, as in Jest's jsdom, and the
 * constructor's refusal would not be reached there. The bundle has it in the same file.
 */
export async function loadKy(): Promise<KyInstance> {
  ky ??= (await import('ky')).default;
  return ky;
}

function anotherIsDue(): Error {
  return new Error('another attempt is due');
}

function bare<T extends object>(object: T): T {
  return Object.assign(Object.create(null), object);
}
