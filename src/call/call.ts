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
import {
  abortError,
  addBudgetNote,
  missingFetch,
  timeoutError,
  unforeseen,
} from './call-errors.js';
import { onAbort } from './caller-signal.js';
import type { RetryBudget } from './retry-budget.js';
import { verdictOn } from './retry-policy.js';
import { waitBeforeRetry } from './retry-wait.js';
import { Rounds, type RoundsOwner } from './rounds.js';

/** A client as its calls see it. */
export interface CallOwner extends Omit<ClientConfig, 'api'> {
  readonly api: PlatformApi;
  readonly budget: RetryBudget;
}

type Ending =
  | { readonly ok: true; readonly code: AuthenticationCode }
  | { readonly ok: false; readonly error: AnySentianceError };

const LONG_AGO = Number.NEGATIVE_INFINITY;

export class Call implements AttemptOwner, RoundsOwner {
  readonly api: PlatformApi;
  readonly platform: Platform;
  readonly url: string;
  readonly body: string;
  readonly fetch: FetchFunction;
  readonly onAttempt: AttemptListener | undefined;
  readonly hedgeAfter: number;
  apiKey = '';
  /** Requests sent. */
  attempts = 0;
  notBefore = LONG_AGO;
  isOver = false;

  readonly #client: CallOwner;
  readonly #externalId: string;
  readonly #config: CallConfig;
  readonly #controller = new AbortController();
  readonly #underWay = new Set<Attempt>();
  readonly #rounds = new Rounds(this);
  #deadline: number;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #ignoreSignal: (() => void) | undefined;
  #settle: ((ending: Ending) => void) | undefined;
  #isBudgetSpent = false;
  #lastError: AnySentianceError | undefined;

  constructor(client: CallOwner, externalId: string, config: CallConfig) {
    this.#client = client;
    this.#externalId = externalId;
    this.#config = config;
    this.#deadline = performance.now() + config.limits.timeout;
    this.api = client.api;
    this.platform = client.platform;
    this.url = client.platform.platformUrl + client.api.path;
    this.body = client.api.encodeRequest(externalId);
    this.fetch = client.fetch ?? globalThis.fetch;
    this.onAttempt = client.onAttempt;
    this.hedgeAfter = config.limits.hedgeAfter;
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
      this.#settle = (ending) => (ending.ok ? resolve(ending.code) : reject(ending.error));
    });
    try {
      if (signal) this.#ignoreSignal = onAbort(signal, () => this.#endByAbort());
    } catch {
      // A signal of somebody's own making; what it threw may hold anything.
      this.#end({ ok: false, error: unforeseen() });
    }
    if (this.isOver) return made;
    this.#timer = setTimeout(() => this.#endByTimeout(), limits.timeout);
    this.#client.budget.deposit();
    const { apiKey } = this.#client;
    if (typeof apiKey === 'string') this.#begin(apiKey);
    else {
      askForKey(apiKey, this.secrets).then(
        (key) => this.#begin(key),
        (error: AnySentianceError) => this.#end({ ok: false, error }),
      );
    }
    return made;
  }

  #begin(apiKey: string): void {
    if (this.isOver) return;
    this.apiKey = apiKey;
    if (typeof this.fetch === 'function') this.sendAttempt();
    else this.#end({ ok: false, error: missingFetch() });
  }

  sendAttempt(): void {
    this.attempts += 1;
    const attempt = new Attempt(this, this.attempts);
    this.#underWay.add(attempt);
    void attempt.send();
  }

  attemptIsSlow(): void {
    this.#planAttempt(0);
  }

  attemptHasEnded(attempt: Attempt, outcome: Outcome): void {
    this.#underWay.delete(attempt);
    if (outcome.ok) this.#end(outcome);
    else this.#attemptHasFailed(outcome.error, outcome.retryAfter);
  }

  #attemptHasFailed(error: AnySentianceError, retryAfter: number | undefined): void {
    this.#lastError = error;
    const verdict = verdictOn(error);
    if (verdict === 'retry') this.#planRetry(retryAfter);
    const mayStillSucceed = this.#underWay.size > 0 || this.#rounds.nextAt < this.#deadline;
    if (verdict !== 'end' && mayStillSucceed) return;
    if (verdict === 'retry' && this.#isBudgetSpent) addBudgetNote(error);
    this.#end({ ok: false, error });
  }

  #planRetry(retryAfter: number | undefined): void {
    const wait = waitBeforeRetry(this.attempts, retryAfter);
    if (retryAfter !== undefined) {
      this.notBefore = Math.max(this.notBefore, performance.now() + wait);
    }
    this.#planAttempt(wait);
  }

  /** Plans another attempt, beside those under way, if it is allowed and there is time for it. */
  #planAttempt(wait: number): void {
    const at = performance.now() + wait;
    if (this.#rounds.isWaiting || at >= this.#deadline) return;
    if (this.attempts > this.#config.limits.maxRetries) return;
    this.#isBudgetSpent = !this.#client.budget.take();
    if (!this.#isBudgetSpent) this.#rounds.plan(at);
  }

  roundsHaveEnded(): void {
    if (this.#underWay.size === 0 && this.#lastError)
      this.#end({ ok: false, error: this.#lastError });
  }

  checkTime(): boolean {
    if (performance.now() > this.#deadline) this.#endByTimeout();
    return this.isOver;
  }

  #endByTimeout(): void {
    // From here on no wait fits, though a timer may fire a fraction of a millisecond early.
    this.#deadline = LONG_AGO;
    for (const attempt of this.#underWay) attempt.endByHead();
    const { attempts } = this;
    const { platformUrl } = this.platform;
    const { timeout } = this.#config.limits;
    const status = [...this.#underWay].find((attempt) => attempt.status !== undefined)?.status;
    const lastError = this.#lastError;
    const error = timeoutError({ platformUrl, timeout, attempts, status, lastError });
    if (this.#isBudgetSpent) addBudgetNote(error);
    this.#end({ ok: false, error }, { code: error.code });
  }

  #endByAbort(): void {
    const error = abortError(this.attempts);
    this.#end({ ok: false, error }, { code: error.code });
  }

  /** @param loss What is reported of the attempts that are under way. */
  #end(ending: Ending, loss: Parameters<Attempt['stop']>[0] = { overtaken: true }): void {
    if (this.isOver) return;
    this.isOver = true;
    clearTimeout(this.#timer);
    this.#ignoreSignal?.();
    for (const attempt of this.#underWay) attempt.stop(loss);
    // Only where there is something to end: it costs a quarter of a fetch on Node 20.
    if (this.#underWay.size > 0 || this.#rounds.isWaiting) this.#controller.abort();
    this.#settle?.(ending);
  }
}
