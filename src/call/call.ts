/**
 * One call: its time, its attempts and its end. It ends once, by the first response that counts, by
 * `timeout` or by the caller's signal, and then leaves nothing behind.
 */
import type { AuthenticationCode } from '../authentication-code.js';
import type { CallConfig } from '../config/call-options.js';
import type { AttemptListener, ClientConfig, FetchFunction } from '../config/client-options.js';
import type { Platform } from '../config/platform.js';
import type { AnySentianceError } from '../errors.js';
import type { PlatformApi } from '../platform/api.js';
import type { Outcome } from '../platform/response.js';
import { Secrets } from '../safety/secrets.js';
import { askForKey } from './ask-for-key.js';
import { Attempt, type AttemptOwner } from './attempt.js';
import { abortError, addBudgetNote, missingFetch, timeoutError } from './call-errors.js';
import { onAbort } from './caller-signal.js';
import type { RetryBudget } from './retry-budget.js';
import { verdictOn } from './retry-policy.js';
import { waitBeforeRetry } from './retry-wait.js';
import { keepRounds, type Rounds } from './rounds.js';

/** A client as its calls see it. */
export interface CallOwner extends Omit<ClientConfig, 'api'> {
  readonly api: PlatformApi;
  readonly budget: RetryBudget;
}

type Ending = { readonly code: AuthenticationCode } | { readonly error: AnySentianceError };

export class Call implements AttemptOwner, Rounds {
  readonly api: PlatformApi;
  readonly platform: Platform;
  readonly url: string;
  readonly body: string;
  readonly fetch: FetchFunction;
  readonly onAttempt: AttemptListener | undefined;
  readonly hedgeAfter: number | undefined;
  apiKey = '';
  /** Requests sent. */
  attempts = 0;
  wait = 0;
  isOver = false;

  readonly #client: CallOwner;
  readonly #externalId: string;
  readonly #config: CallConfig;
  readonly #deadline: number;
  readonly #controller = new AbortController();
  readonly #underWay = new Set<Attempt>();
  #settle: (ending: Ending) => void = () => {};
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ignoreSignal: (() => void) | undefined;
  /** When the next attempt is due; `undefined` when none is planned. */
  #nextAt: number | undefined;
  /** Milliseconds that the platform asked to wait longer, after the wait had begun. */
  #postponedBy = 0;
  #endRound: (() => void) | undefined;
  #isBudgetSpent = false;
  #lastError: AnySentianceError | undefined;

  constructor(client: CallOwner, externalId: string, config: CallConfig) {
    const { timeout, hedgeAfter } = config.limits;
    this.#client = client;
    this.#externalId = externalId;
    this.#config = config;
    this.#deadline = performance.now() + timeout;
    this.api = client.api;
    this.platform = client.platform;
    this.url = client.platform.platformUrl + client.api.path;
    this.body = client.api.encodeRequest(externalId);
    this.fetch = client.fetch ?? globalThis.fetch;
    this.onAttempt = client.onAttempt;
    this.hedgeAfter = hedgeAfter < timeout ? hedgeAfter : undefined;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get secrets(): Secrets {
    return new Secrets(this.apiKey, this.#externalId);
  }

  /** Makes the call. Rejects with one of this library's errors. */
  make(): Promise<AuthenticationCode> {
    const { limits, signal } = this.#config;
    const made = new Promise<AuthenticationCode>((resolve, reject) => {
      this.#settle = (ending) => ('code' in ending ? resolve(ending.code) : reject(ending.error));
    });
    if (signal) this.#ignoreSignal = onAbort(signal, () => this.#endByAbort());
    if (this.isOver) return made;
    this.#timer = setTimeout(() => this.#endByTimeout(), limits.timeout);
    this.#client.budget.deposit();
    const { apiKey } = this.#client;
    if (typeof apiKey === 'string') this.#begin(apiKey);
    else {
      askForKey(apiKey, this.secrets).then(
        (key) => this.#begin(key),
        (error: AnySentianceError) => this.#end({ error }),
      );
    }
    return made;
  }

  #begin(apiKey: string): void {
    if (this.isOver) return;
    this.apiKey = apiKey;
    if (typeof this.fetch === 'function') this.#send();
    else this.#end({ error: missingFetch() });
  }

  #send(): void {
    this.attempts += 1;
    const attempt = new Attempt(this, this.attempts);
    this.#underWay.add(attempt);
    void attempt.send();
  }

  attemptIsSlow(attempt: Attempt): void {
    const isNewest = attempt.number === this.attempts;
    if (isNewest && this.#nextAt === undefined && this.#mayAskAgain()) this.#plan(0);
  }

  attemptHasEnded(attempt: Attempt, outcome: Outcome): void {
    this.#underWay.delete(attempt);
    if ('code' in outcome) this.#end(outcome);
    else this.#attemptHasFailed(outcome.error, outcome.retryAfter);
  }

  #attemptHasFailed(error: AnySentianceError, retryAfter: number | undefined): void {
    this.#lastError = error;
    const verdict = verdictOn(error);
    if (verdict === 'retry') this.#planRetry(retryAfter);
    const isAnotherDue = this.#nextAt !== undefined && this.#nextAt < this.#deadline;
    if (verdict !== 'end' && (this.#underWay.size > 0 || isAnotherDue)) return;
    if (verdict === 'retry' && this.#isBudgetSpent) addBudgetNote(error);
    this.#end({ error });
  }

  #planRetry(retryAfter: number | undefined): void {
    const wait = waitBeforeRetry(this.attempts, retryAfter);
    const at = performance.now() + wait;
    if (this.#nextAt === undefined) {
      if (at < this.#deadline && this.#mayAskAgain()) this.#plan(wait);
    } else if (retryAfter !== undefined && at > this.#nextAt) {
      this.#postponedBy += at - this.#nextAt;
      this.#nextAt = at;
    }
  }

  #mayAskAgain(): boolean {
    if (this.attempts > this.#config.limits.maxRetries) return false;
    this.#isBudgetSpent = !this.#client.budget.take();
    return !this.#isBudgetSpent;
  }

  #plan(wait: number): void {
    this.wait = wait;
    this.#nextAt = performance.now() + wait;
    if (this.#endRound) this.#endRound();
    else void keepRounds(this);
  }

  nextRound(): Promise<never> {
    const round = new Promise<never>((_, reject) => {
      this.#endRound = () => reject(new Error('another attempt is due'));
    });
    if (this.#postponedBy > 0) {
      this.#plan(this.#postponedBy);
      this.#postponedBy = 0;
    } else {
      this.#nextAt = undefined;
      this.#send();
    }
    return round;
  }

  checkTime(): boolean {
    if (!this.isOver && performance.now() > this.#deadline) this.#endByTimeout();
    return this.isOver;
  }

  #endByTimeout(): void {
    for (const attempt of this.#underWay) attempt.endByHead();
    if (this.isOver) return;
    const { platformUrl } = this.platform;
    const status = [...this.#underWay].find((attempt) => attempt.status !== undefined)?.status;
    const { timeout } = this.#config.limits;
    const { attempts } = this;
    const lastError = this.#lastError;
    const error = timeoutError({ platformUrl, timeout, attempts, status, lastError });
    if (this.#isBudgetSpent) addBudgetNote(error);
    this.#end({ error }, { code: error.code });
  }

  #endByAbort(): void {
    const error = abortError(this.attempts);
    this.#end({ error }, { code: error.code });
  }

  /** @param loss What is reported of the attempts that are under way. */
  #end(ending: Ending, loss: Parameters<Attempt['stop']>[0] = { overtaken: true }): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#ignoreSignal?.();
    for (const attempt of this.#underWay) attempt.stop(loss);
    // Only where there is something to end: it costs a quarter of a fetch on Node 20.
    if (this.#underWay.size > 0 || this.#nextAt !== undefined) this.#controller.abort();
    this.#endRound?.();
    this.#settle(ending);
  }
}
