/** One attempt: the real request, its answer read to the end and within bounds, and what failed. */
import { type PlatformAnswer, type ReadCode, readAnswer, retryAfterOf } from './answer.js';
import type { AnySentianceError } from './errors.js';
import {
  attemptTimeout,
  connectionFailure,
  type EndableCall,
  endOfCall,
  type Failure,
  unusableFetch,
} from './failures.js';
import type { AttemptEvent, FetchBodyReader, FetchResponse } from './options.js';
import { Scope } from './scope.js';
import type { AttemptListener, FetchFunction } from './settings.js';

/** Larger answers are not read to their end; a real one has some 200 bytes. */
const MAX_BODY_BYTES = 1_048_576;

/** Statuses that a repetition may cure. */
const RETRIABLE_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504];

/** All that a call's attempts have in common. */
export interface OutgoingCall extends EndableCall {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: string;
  /** What must not be shown: the key and the external id. */
  secrets: readonly string[];
  fetch: FetchFunction;
  onAttempt: AttemptListener | undefined;
}

/** A code, and when the request that brought it was sent. */
export interface ReceivedCode extends ReadCode {
  sentAt: number;
}

/** What an attempt came to. */
export type Outcome = { ok: true; code: ReceivedCode } | Failure;

/**
 * Sends the request once. Never rejects, and settles as soon as `timeout` is over or the call ends.
 *
 * @param attempt 1 for a call's first request.
 * @param previous What the attempt before met, for the error of one that times out.
 */
export async function sendOnce(
  call: OutgoingCall,
  attempt: number,
  previous?: AnySentianceError,
): Promise<Outcome> {
  const started = performance.now();
  const scope = new Scope(call.limits.timeout, call.scope);
  const progress: Progress = {};
  let outcome: Outcome;
  try {
    const stopReading = () => void cancel(progress.reader);
    outcome = await scope.run(exchange(call, attempt, scope.signal, progress), stopReading);
  } catch (thrown) {
    const { status } = progress;
    if (call.scope.endReason !== undefined) outcome = endOfCall(call, attempt, previous, status);
    else if (scope.endReason !== undefined)
      outcome = attemptTimeout(call, attempt, previous, status);
    else outcome = connectionFailure(call, attempt, thrown);
  } finally {
    scope.close();
  }
  report(call.onAttempt, {
    attempt,
    duration: performance.now() - started,
    platformUrl: call.platformUrl,
    ...(progress.status === undefined ? {} : { status: progress.status }),
    ...(outcome.ok ? {} : { code: outcome.error.code }),
  });
  return outcome;
}

/** How far an attempt came, for the event and for stopping it. */
interface Progress {
  status?: number;
  reader?: FetchBodyReader;
}

async function exchange(
  call: OutgoingCall,
  attempt: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<Outcome> {
  const sentAt = Date.now();
  const { fetch } = call;
  const response = await fetch(call.url, {
    method: 'POST',
    headers: { ...call.headers },
    body: call.body,
    // A redirect would carry the key to wherever it points.
    redirect: 'manual',
    signal,
  });
  const misuse = responseMisuse(response);
  if (misuse !== undefined) return unusableFetch(attempt, misuse);
  if (signal.aborted) {
    // A fetch that ignored the signal came back after all: let its connection go.
    void cancel(response.body);
    throw signal.reason;
  }
  if (response.type === 'error') throw new TypeError('network error');

  progress.status = response.status;
  const answer: PlatformAnswer = {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    body: await readBody(response, progress),
  };
  const { platformUrl, secrets } = call;
  const result = readAnswer(answer, { platformUrl, attempts: attempt, secrets });
  if (result.ok) return { ok: true, code: { ...result.code, sentAt } };
  const retriable = RETRIABLE_STATUSES.includes(answer.status);
  return { ok: false, error: result.error, retriable, retryAfter: retryAfterOf(answer) };
}

/** What is wrong with what a custom `fetch` (or a test's mock of it) gave, if anything is. */
function responseMisuse(response: FetchResponse | undefined | null): string | undefined {
  if (
    typeof response?.status !== 'number' ||
    typeof response.headers?.get !== 'function' ||
    (response.body && typeof response.body.getReader !== 'function')
  ) {
    return 'must resolve to a Response, but resolved to something else';
  }
  if (response.bodyUsed || response.body?.locked) {
    return 'must resolve to a new Response at every call, but resolved to one whose body was read already';
  }
  return undefined;
}

async function readBody(
  response: FetchResponse,
  progress: Progress,
): Promise<PlatformAnswer['body']> {
  const { status } = response;
  const isRedirect = status < 200 || (status >= 300 && status < 400);
  if (isRedirect) {
    void cancel(response.body);
    return '';
  }
  try {
    return await readText(response, progress);
  } catch (thrown) {
    // Of an error answer the status says enough; a code that came in half is no code.
    if (status < 300) throw thrown;
    return '';
  }
}

async function readText(
  response: FetchResponse,
  progress: Progress,
): Promise<PlatformAnswer['body']> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  progress.reader = reader;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    // A stream of strings has no lengths to add up, and could go on for ever.
    if (ArrayBuffer.isView(value)) size += value.byteLength;
    else return giveUp(reader, 'not_bytes');
    if (size > MAX_BODY_BYTES) return giveUp(reader, 'too_large');
    chunks.push(value);
  }
  return decode(chunks, size);
}

function giveUp(
  reader: FetchBodyReader,
  unreadable: 'not_bytes' | 'too_large',
): PlatformAnswer['body'] {
  void cancel(reader);
  return { unreadable };
}

/** JSON is UTF-8 (RFC 8259), whatever charset the answer claims. */
function decode(chunks: readonly Uint8Array[], size: number): PlatformAnswer['body'] {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(joined(chunks, size));
  } catch {
    return { unreadable: 'not_utf8' };
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first?.byteLength === size) return first;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}

/** Lets a body go, and its connection with it. Never rejects. */
async function cancel(body: { cancel(): Promise<void> } | null | undefined): Promise<void> {
  try {
    await body?.cancel();
  } catch {
    // It was gone already, or a custom fetch gave one that cannot be cancelled.
  }
}

function report(listener: AttemptListener | undefined, event: AttemptEvent): void {
  if (listener === undefined) return;
  try {
    // An async listener's rejection would end the process.
    Promise.resolve<unknown>(listener(event)).catch(() => {});
  } catch {
    // A broken metric must not break a login.
  }
}
