/**
 * The attempts after the first, as retries of ky's: each round sends one attempt more, beside those
 * that are under way, and fails when yet another one is due.
 *
 * The first attempt is made without ky, whose two Request objects would cost every login half a
 * `fetch`. ky is given the URL and a closure, and no key, header or body: its errors print their
 * request.
 */

import type { Options, RetryOptions } from 'ky';

/** What the rounds of a call are kept by. */
export interface Rounds {
  readonly url: string;
  /** Ends a wait. */
  readonly signal: AbortSignal;
  /** Milliseconds before the next round. */
  readonly wait: number;
  readonly isOver: boolean;
  /** Sends an attempt. Rejects when another one is due. */
  nextRound(): Promise<never>;
}

export async function keepRounds(call: Rounds): Promise<void> {
  // Not at the top: ky cannot be loaded where there is no TextEncoder, as in Jest's jsdom, and the
  // constructor's refusal would not be reached there. The bundle has it in the same file.
  const { default: ky } = await import('ky');
  let hasBegun = false;
  const round = () => {
    if (hasBegun) return call.nextRound();
    hasBegun = true;
    // The first attempt was ky's first round: it has failed, or is slow, already.
    throw new Error('another attempt is due');
  };
  // Without prototypes: what pollutes that of all objects must not be taken for an option.
  const options = bare<Options>({
    fetch: round,
    signal: call.signal,
    timeout: false,
    retry: bare<RetryOptions>({
      // The call counts its attempts itself.
      limit: Number.MAX_SAFE_INTEGER,
      methods: ['post'],
      shouldRetry: () => !call.isOver,
      delay: () => call.wait,
    }),
  });
  await ky.post(call.url, options).catch(() => {
    // The call has ended, and has its result from an attempt.
  });
}

function bare<T extends object>(object: T): T {
  return Object.assign(Object.create(null), object);
}
