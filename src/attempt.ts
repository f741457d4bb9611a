/** One attempt: the real request, its answer read to the end and within bounds, and what failed. */
import { type PlatformAnswer, readAnswer, retryAfterOf } from './answer.js';
import { type AuthenticationCode, toAuthenticationCode } from './authentication-code.js';
import type { AnySentianceError } from './errors.js';
import {
  attemptTimeout,
  connectionFailure,
  type EndableCall,
  endOfCall,
  type Failure,
  unusableFetch,
} from './failures.js';
import type { AttemptEvent, FetchBody, FetchBodyReader, FetchResponse } from './options.js';
import { Scope } from './scope.js';
import type { AttemptListener, FetchFunction } from './settings.js';
import { USER_AGENT } from './user-agent.js';
import { DEFAULT_CODE_LIFETIME } from './wire.js';

/** Larger answers are not read to their end; a real one has some 200 bytes. */
const MAX_BODY_BYTES = 1_048_576;

/** Statuses that a repetition may cure. */
const RETRIABLE_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504];

/** All that a call's attempts have in common. */
export interface OutgoingCall extends EndableCall {
  url: string;
  apiKey: string;
  body: string;
  /** What must not be shown: the key and the external id. */
  secrets: readonly string[];
  fetch: FetchFunction;
  onAttempt: AttemptListener | undefined;
}

/** What an attempt came to. */
export type Outcome = { ok: true; code: AuthenticationCode } | Failure;

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
  const progress: Progress = { sentAt: Date.now() };
  let outcome: Outcome;
  try {
    const stopReading = () => void cancel(progress.reader);
    outcome = await scope.run(exchange(call, attempt, scope.signal, progress), stopReading);
  } catch (thrown) {
    outcome = lossOf(call, attempt, { scope, progress, previous, thrown });
  } finally {
    scope.close();
  }
  if (call.onAttempt !== undefined) {
    report(call.onAttempt, {
      attempt,
      duration: performance.now() - started,
      platformUrl: call.platformUrl,
      ...(progress.head === undefined ? {} : { status: progress.head.status }),
      ...(outcome.ok ? {} : { code: outcome.error.code }),
    });
  }
  return outcome;
}

/** What an attempt that ended early, or lost its connection, came to. */
function lossOf(
  call: OutgoingCall,
  attempt: number,
  { scope, progress, previous, thrown }: Loss,
): Outcome {
  const { head, sentAt } = progress;
  if (call.scope.endReason === 'aborted') return endOfCall(call, attempt);
  // Of an error answer the head says enough, though its body is lost or never ends.
  const isError = head !== undefined && head.status >= 400;
  if (isError) return outcomeOf(call, attempt, { ...head, body: '' }, sentAt);
  if (call.scope.endReason !== undefined) return endOfCall(call, attempt, previous, head?.status);
  if (scope.endReason !== undefined) return attemptTimeout(call, attempt, previous, head?.status);
  return connectionFailure(call, attempt, thrown);
}

interface Loss {
  scope: Scope;
  progress: Progress;
  previous: AnySentianceError | undefined;
  thrown: unknown;
}

/** How far an attempt came: for its error, for the event, and for stopping it. */
interface Progress {
  readonly sentAt: number;
  head?: Omit<PlatformAnswer, 'body'>;
  reader?: FetchBodyReader;
}

async function exchange(
  call: OutgoingCall,
  attempt: number,
  signal: AbortSignal,
  progress: Progress,
): Promise<Outcome> {
  const { fetch } = call;
  // What node:http asks is a quarter of this (stripe in bench/RESULTS.md). But proxies, MSW,
  // OpenTelemetry and the other runtimes take hold of fetch.
  const response = await fetch(call.url, {
    method: 'POST',
    headers: {
      Authorization: `Bearer ${call.apiKey}`,
      'Content-Type': 'application/json',
      Accept: 'application/json',
      'User-Agent': USER_AGENT,
    },
    body: call.body,
    // A redirect would carry the key to wherever it points.
    redirect: 'manual',
    signal,
  });
  const read = readHead(response);
  if (typeof read === 'string') return unusableFetch(attempt, read);
  const { status, headers, body } = read;
  if (signal.aborted) {
    // A fetch that ignored the signal came back after all: let its connection go.
    void cancel(body);
    throw signal.reason;
  }
  if (status === 0 && response.type === 'error') throw new TypeError('network error');

  const isSuccess = status >= 200 && status <= 299;
  const retryAfter = isSuccess ? null : headers.get('retry-after');
  progress.head = { status, retryAfter };
  const answer = { status, retryAfter, body: await readBody(status, body, progress) };
  return outcomeOf(call, attempt, answer, progress.sentAt);
}

type Head = Pick<FetchResponse, 'status' | 'headers' | 'body'>;

/** The head of what `fetch` gave, or what is wrong with a custom one (or a test's mock of it). */
function readHead(response: FetchResponse | undefined | null): Head | string {
  // Each field once: undici gives them through a proxy, which costs more than these checks.
  const { status, headers, body, bodyUsed }: Partial<FetchResponse> = response ?? {};
  if (
    typeof status !== 'number' ||
    typeof headers?.get !== 'function' ||
    (body && typeof body.getReader !== 'function')
  ) {
    return 'must resolve to a Response, but resolved to something else';
  }
  if (bodyUsed || body?.locked) {
    return 'must resolve to a new Response at every call, but resolved to one whose body was read already';
  }
  return { status, headers, body: body ?? null };
}

function outcomeOf(
  { platformUrl, secrets }: OutgoingCall,
  attempts: number,
  answer: PlatformAnswer,
  sentAt: number,
): Outcome {
  const result = readAnswer(answer, { platformUrl, attempts, secrets });
  if (!result.ok) {
    const retriable = RETRIABLE_STATUSES.includes(answer.status);
    return { ok: false, error: result.error, retriable, retryAfter: retryAfterOf(answer) };
  }
  const { authenticationCode, expiresAt = new Date(sentAt + DEFAULT_CODE_LIFETIME) } = result.code;
  return { ok: true, code: toAuthenticationCode({ authenticationCode, expiresAt, platformUrl }) };
}

async function readBody(
  status: number,
  body: FetchBody | null,
  progress: Progress,
): Promise<PlatformAnswer['body']> {
  // 0 is a redirect that the runtime hides.
  const isRedirect = status === 0 || (status >= 300 && status < 400);
  if (isRedirect) {
    void cancel(body);
    return '';
  }
  if (!body) return '';
  const reader = body.getReader();
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

function report(listener: AttemptListener, event: AttemptEvent): void {
  try {
    // An async listener's rejection would end the process.
    Promise.resolve<unknown>(listener(event)).catch(() => {});
  } catch {
    // A broken metric must not break a login.
  }
}
