/** What an answer of the platform means: an authentication code, or which error. */
import {
  type AnySentianceError,
  type SentianceApiErrorInit,
  SentianceAuthenticationError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
} from './errors.js';
import { showableMessage, showableToken } from './redact.js';
import { hostOf } from './regions.js';
import { parseCodeAnswer, parseErrorEnvelope, parseRetryAfter, WHOLE_BODY } from './wire.js';

/** An answer of the platform, read to its end. */
export interface PlatformAnswer {
  /** HTTP status; 0 for a redirect that the runtime hides (`redirect: 'manual'` in a browser). */
  status: number;
  /** The `Retry-After` header; not read of a success. */
  retryAfter: string | null;
  /** The body, or why it is not read; empty of a redirect, and of an error whose body was lost. */
  body: string | { unreadable: keyof typeof UNREADABLE };
}

/** Whom the answer came from, and what must not be shown of it. */
export interface AnswerContext {
  platformUrl: string;
  attempts: number;
  secrets: readonly string[];
}

export interface ReadCode {
  authenticationCode: string;
  expiresAt: Date | undefined;
}

export type ReadAnswer = { ok: true; code: ReadCode } | { ok: false; error: AnySentianceError };

/** The code in a successful answer, or the error that any other answer stands for. */
export function readAnswer(answer: PlatformAnswer, context: AnswerContext): ReadAnswer {
  if (answer.status < 200 || answer.status > 299) {
    return { ok: false, error: statusError(answer, context) };
  }
  if (typeof answer.body !== 'string') {
    return invalid(answer, context, UNREADABLE[answer.body.unreadable], [WHOLE_BODY]);
  }
  const parsed = parseCodeAnswer(answer.body);
  if (parsed.ok) {
    const { authenticationCode, expiresAt } = parsed;
    return { ok: true, code: { authenticationCode, expiresAt } };
  }
  const problem = parsed.issues.includes(WHOLE_BODY)
    ? 'its body is not a JSON object'
    : `these fields are missing or wrong: ${parsed.issues.join(', ')}`;
  return invalid(answer, context, problem, parsed.issues);
}

function invalid(
  { status }: PlatformAnswer,
  context: AnswerContext,
  problem: string,
  issues: readonly string[],
): ReadAnswer {
  const error = new SentianceResponseError(
    `${hostOf(context.platformUrl)} answered ${status}, but ${problem}. Check that the region or baseUrl is the Sentiance platform's, and that no proxy answers in its place.`,
    { status, attempts: context.attempts, issues },
  );
  return { ok: false, error };
}

const UNREADABLE = {
  too_large: 'its body is larger than 1 MiB',
  not_bytes: 'its body is not a stream of bytes',
  not_utf8: 'its body is not UTF-8',
} as const;

/** Milliseconds that the answer behind an error asked to wait, for any status that has the header. */
export function retryAfterOf(answer: PlatformAnswer): number | undefined {
  return parseRetryAfter(answer.retryAfter, Date.now());
}

function statusError(answer: PlatformAnswer, context: AnswerContext): AnySentianceError {
  const { status } = answer;
  const envelope = typeof answer.body === 'string' ? parseErrorEnvelope(answer.body) : {};
  const errorCode = showableToken(envelope.errorCode, context.secrets);
  const ref = showableToken(envelope.ref, context.secrets);
  const init: SentianceApiErrorInit = { status, attempts: context.attempts, errorCode, ref };
  const host = hostOf(context.platformUrl);

  let said = '';
  const message = showableMessage(envelope.message, context.secrets);
  if (message !== undefined) said += ` The platform says: "${message}".`;
  if (errorCode !== undefined) said += ` Its errorCode: ${errorCode}.`;
  if (ref !== undefined) said += ` Quote ref ${ref} to Sentiance support.`;

  if (status === 401) {
    return new SentianceAuthenticationError(
      `${host} refused the API key (401). A key expires one year after it was made, needs the user-link scope, and belongs to one region: check all three in the Sentiance console.${said}`,
      init,
    );
  }
  if (status === 403) {
    return new SentiancePermissionError(
      `${host} does not let this API key link users (403). Give it the user-link scope in the Sentiance console, or make a key that has it.${said}`,
      init,
    );
  }
  if (status === 429) {
    const retryAfter = retryAfterOf(answer);
    const wait =
      retryAfter === undefined ? 'It did not say for how long' : `It asks to wait ${retryAfter} ms`;
    return new SentianceRateLimitError(
      `${host} limits the rate of requests (429). ${wait}; ask again later.${said}`,
      { ...init, retryAfter },
    );
  }
  if (status === 408 || status >= 500) {
    return new SentianceServerError(
      `${host} has a problem of its own (${status}). Ask again later.${said}`,
      init,
    );
  }
  if (status >= 400) {
    return new SentianceRequestError(
      `${host} did not accept the request (${status}). Check that user linking is set up for the app, and that the region or baseUrl is right.${said}`,
      init,
    );
  }
  return new SentianceRedirectError(
    `${host} answered with a redirect (${status}), which is not followed: it could carry the API key to another place. Check the region or baseUrl.`,
    init,
  );
}
