/** One attempt: the request, its response read to the end and within bounds, or what failed. */
import type { AttemptListener, FetchFunction } from '../config/client-options.js';
import type { AttemptEvent, FetchBodyReader } from '../options.js';
import { failed, type Outcome, type ResponseHead, readResponse } from '../platform/response.js';
import { letGo, readBody } from '../platform/response-body.js';
import type { ResponseContext } from '../platform/response-errors.js';
import { USER_AGENT } from '../platform/user-agent.js';
import { connectionError, unusableFetch } from './call-errors.js';
import { readHead } from './fetch-result.js';

/** The call that an attempt belongs to. */
export interface AttemptOwner extends ResponseContext {
  readonly url: string;
  readonly apiKey: string;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly fetch: FetchFunction;
  readonly onAttempt: AttemptListener | undefined;
  /** Milliseconds after which an attempt is slow. */
  readonly hedgeAfter: number;
  /** Whether the call has ended; ends it when its time is over. */
  checkTime(): boolean;
  attemptIsSlow(): void;
  attemptHasEnded(attempt: Attempt, outcome: Outcome): void;
}

/** What is reported of an attempt that its call did not wait for. */
type StopEvent = Pick<AttemptEvent, 'code' | 'overtaken'>;

const NOT_CACHED = { revalidate: 0 } as const;

export class Attempt {
  /** 1 for a call's first request. */
  readonly number: number;

  readonly #call: AttemptOwner;
  readonly #startedAt = performance.now();
  readonly #sentAt = Date.now();
  #head: ResponseHead | undefined;
  #reader: FetchBodyReader | undefined;
  #slowTimer: ReturnType<typeof setTimeout> | undefined;
  #isSlow = false;
  #isOver = false;
  #reportStop: ((event: StopEvent) => void) | undefined;

  constructor(call: AttemptOwner, number: number) {
    this.#call = call;
    this.number = number;
    if (call.onAttempt === undefined) return;
    // A promise's reaction runs in the async context that it was made in: a call may be ended from
    // another one, as by a signal, and must not report to the trace of a stranger.
    const stopped = new Promise<StopEvent>((resolve) => {
      this.#reportStop = resolve;
    });
    void stopped.then((event) => this.#report(event));
  }

  /** HTTP status of the response, once its head is there. */
  get status(): number | undefined {
    return this.#head?.status;
  }

  async send(): Promise<void> {
    this.#startSlowTimer();
    let outcome: Outcome;
    try {
      outcome = await this.#exchange();
    } catch (thrown) {
      if (this.#isOver) return;
      outcome = this.#outcomeByHead() ?? this.#connectionLost(thrown);
    }
    this.#end(outcome);
  }

  /** Ends the attempt by the head of an error response, whose body says little more; if there is one. */
  endByHead(): boolean {
    const outcome = this.#outcomeByHead();
    if (outcome !== undefined) this.#end(outcome);
    return outcome !== undefined;
  }

  /** The call has ended: lets go of everything, and reports what it ended with. */
  stop(event: StopEvent): void {
    // It has ended by itself, and its listener ended the call.
    if (this.#isOver) return;
    this.#close();
    letGo(this.#reader);
    this.#reportStop?.(event);
  }

  async #exchange(): Promise<Outcome> {
    const { url, apiKey, body: requestBody, signal, fetch } = this.#call;
    // node:http would cost a quarter of this. But proxies, MSW, OpenTelemetry and the other runtimes
    // take hold of fetch.
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        Accept: 'application/json',
        'User-Agent': USER_AGENT,
      },
      body: requestBody,
      // A redirect would carry the key to wherever it points.
      redirect: 'manual',
      // Next.js would keep the code and hand it to every later login of this user. Not `cache`, which
      // Workers of an old compatibility date refuse.
      next: NOT_CACHED,
      signal,
    });
    const read = readHead(response);
    if (typeof read === 'string') return failed(unusableFetch(read, this.#call.attempts));
    const { status, headers, body } = read;
    if (this.#isOver) {
      // A fetch that ignored the signal came back after all: let its connection go.
      letGo(body);
      throw signal.reason;
    }
    if (status === 0 && response.type === 'error') throw new TypeError('network error');

    const isSuccess = status >= 200 && status <= 299;
    const head = { status, retryAfter: isSuccess ? null : headers.get('retry-after') };
    this.#head = head;
    // 0 is a redirect that the runtime hides.
    const isRedirect = status === 0 || (status >= 300 && status <= 399);
    if (isRedirect || !body) {
      letGo(body);
      return this.#outcomeOf(head, '');
    }
    // The body of an error that came late has as long again.
    if (this.#isSlow && !isSuccess) this.#startSlowTimer();
    // Awaited, since a mock's may be async, and its failure would end the process.
    this.#reader = await body.getReader();
    return this.#outcomeOf(head, await readBody(this.#reader, () => this.#call.checkTime()));
  }

  #outcomeOf(head: ResponseHead, body: Awaited<ReturnType<typeof readBody>>): Outcome {
    return readResponse(head, body, this.#call, this.#sentAt);
  }

  #outcomeByHead(): Outcome | undefined {
    const head = this.#head;
    return head !== undefined && head.status >= 400 ? this.#outcomeOf(head, '') : undefined;
  }

  #connectionLost(thrown: unknown): Outcome {
    const { platform, secrets, attempts } = this.#call;
    return failed(connectionError(thrown, platform.platformUrl, secrets, attempts));
  }

  #startSlowTimer(): void {
    this.#slowTimer = setTimeout(() => {
      this.#isSlow = true;
      if (!this.endByHead()) this.#call.attemptIsSlow();
    }, this.#call.hedgeAfter);
  }

  #end(outcome: Outcome): void {
    if (this.#isOver) return;
    this.#close();
    if (outcome.ok) this.#report({});
    else {
      letGo(this.#reader);
      const { error } = outcome;
      const reason = error.code === 'connection_failed' ? error.reason : undefined;
      this.#report({ code: error.code, ...(reason === undefined ? {} : { reason }) });
    }
    this.#call.attemptHasEnded(this, outcome);
  }

  #close(): void {
    this.#isOver = true;
    clearTimeout(this.#slowTimer);
  }

  #report(result: Pick<AttemptEvent, 'code' | 'reason' | 'overtaken'>): void {
    const { onAttempt, platform } = this.#call;
    if (onAttempt === undefined) return;
    const event: AttemptEvent = {
      attempt: this.number,
      duration: performance.now() - this.#startedAt,
      platformUrl: platform.platformUrl,
      ...(this.#head === undefined ? {} : { status: this.#head.status }),
      ...result,
    };
    const reported = async () => onAttempt(event);
    // A broken metric must not break a login, nor an async one's rejection end the process.
    reported().catch(() => {});
  }
}
