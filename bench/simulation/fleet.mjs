/**
 * Many processes with a client each, in an outage, on paper: no network, no time that passes, the
 * same for the same seed. Budget, waits and limits are the client's own modules; what a call does
 * with them is told again here in a few lines. Needs a Node that reads TypeScript.
 */
import { RetryBudget } from '../../src/call/retry-budget.ts';
import { waitBeforeRetry } from '../../src/call/retry-wait.ts';
import { DEFAULTS } from '../../src/options.ts';
import { randomNumbers } from '../support/random.mjs';

const { timeout, hedgeAfter, maxRetries } = DEFAULTS;
/** Milliseconds that a response takes, also a 503. */
const RESPONSE = 80;
const BEFORE = 2_000;
/** Long enough for stores that are spent slowly. */
export const OUTAGE = 40_000;
const AFTER = 8_000;

/** What is due in each millisecond, in the order in which it was planned. */
class Agenda {
  now = 0;
  #due = [];

  at(time, action) {
    const moment = Math.max(Math.ceil(time), this.now);
    this.#due[moment] ??= [];
    this.#due[moment].push(action);
  }

  run() {
    for (; this.now < this.#due.length; this.now += 1) {
      for (const action of this.#due[this.now] ?? []) action();
      this.#due[this.now] = undefined;
    }
  }
}

/**
 * @param kind Whether the platform is `unavailable` (503) or `silent` in the outage.
 * @returns What the platform saw of the fleet, and when logins got their codes again.
 */
export function simulateFleet({ processes, rate, kind, seed = 1 }) {
  const agenda = new Agenda();
  // The clock and the dice of the client's own modules.
  performance.now = () => agenda.now;
  Math.random = randomNumbers(seed);
  const budgets = Array.from({ length: processes }, () => new RetryBudget());
  const arrivals = [];
  const logins = [];
  let open = 0;
  let mostOpen = 0;
  const returned = BEFORE + OUTAGE;
  const isWell = () => agenda.now < BEFORE || agenda.now >= returned;

  arrive(0);
  agenda.run();
  return summary();

  function arrive(n) {
    login(budgets[Math.floor(Math.random() * processes)]);
    const next = ((n + 1) / rate) * 1_000;
    if (next < returned + AFTER) agenda.at(next, () => arrive(n + 1));
  }

  function login(budget) {
    const call = { budget, begun: agenda.now, attempts: 0, underWay: 0, isWaiting: false };
    logins.push(call);
    budget.deposit();
    agenda.at(call.begun + timeout, () => end(call, false));
    send(call);
  }

  function send(call) {
    call.isWaiting = false;
    if (call.ended !== undefined) return;
    call.attempts += 1;
    call.underWay += 1;
    open += 1;
    mostOpen = Math.max(mostOpen, open);
    const second = Math.floor((agenda.now - BEFORE) / 1_000);
    arrivals[second] = (arrivals[second] ?? 0) + 1;
    if (isWell()) agenda.at(agenda.now + RESPONSE, () => end(call, true));
    else if (kind === 'unavailable') agenda.at(agenda.now + RESPONSE, () => fail(call));
    agenda.at(agenda.now + hedgeAfter, () => plan(call, 0));
  }

  function fail(call) {
    if (call.ended !== undefined) return;
    call.underWay -= 1;
    open -= 1;
    plan(call, waitBeforeRetry(call.attempts, undefined));
    if (call.underWay === 0 && !call.isWaiting) end(call, false);
  }

  function plan(call, wait) {
    const at = agenda.now + wait;
    if (call.ended !== undefined || call.isWaiting || at >= call.begun + timeout) return;
    if (call.attempts > maxRetries || !call.budget.take()) return;
    call.isWaiting = true;
    agenda.at(at, () => send(call));
  }

  function end(call, ok) {
    if (call.ended !== undefined) return;
    call.ended = agenda.now;
    call.ok = ok;
    open -= call.underWay;
  }

  function summary() {
    const perLogin = (from, to) =>
      arrivals.slice(from, to).reduce((sum, n) => sum + n, 0) / (to - from) / rate;
    const codes = logins.filter(({ ok, ended }) => ok && ended >= returned);
    const without = logins.filter(({ ok, begun }) => !ok && begun >= returned);
    const waiting = logins.filter(({ begun, ended }) => begun < returned && ended >= returned);
    return {
      // Of each login's requests, from the third second on, and at the end.
      early: perLogin(2, 10),
      late: perLogin(OUTAGE / 1_000 - 10, OUTAGE / 1_000),
      afterReturn: perLogin(OUTAGE / 1_000, OUTAGE / 1_000 + 1),
      mostOpen,
      waiting: waiting.length,
      rescued: waiting.filter(({ ok }) => ok).length,
      firstCode: Math.min(...codes.map(({ ended }) => ended)) - returned,
      recovered: Math.max(0, ...without.map(({ begun }) => begun - returned)),
    };
  }
}
