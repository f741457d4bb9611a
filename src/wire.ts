/**
 * What goes over the wire and what may come back: the request body, the answer's schema, the error
 * envelope, `Retry-After`. Nothing here quotes a body: it holds the authentication code.
 */
import * as z from 'zod/mini';

/** Path below the platform URL; the platform's API has no version in it. */
export const AUTH_CODE_PATH = '/users/auth-code';

/** How long a code lives when the answer does not say: "approx 10 mins" in the vendor's pages. */
export const DEFAULT_CODE_LIFETIME = 600_000;

export function encodeRequestBody(externalId: string): string {
  return JSON.stringify({ external_id: externalId });
}

const answerSchema = z.object({
  authentication_code: z.string().check(z.regex(/\S/)),
  expires_at: z.optional(z.iso.datetime({ offset: true })),
});

/** A checked answer, or the paths of what is wrong with it. */
export type CodeAnswer =
  | { ok: true; authenticationCode: string; expiresAt: Date | undefined }
  | { ok: false; issues: string[] };

/** Issue path for an answer that is wrong as a whole: not JSON, not an object, too large. */
export const WHOLE_BODY = '(body)';

export function parseCodeAnswer(body: string): CodeAnswer {
  const result = answerSchema.safeParse(parseJson(body));
  if (!result.success) {
    const paths = result.error.issues.map((issue) => issue.path.join('.') || WHOLE_BODY);
    return { ok: false, issues: [...new Set(paths)] };
  }
  const { authentication_code: authenticationCode, expires_at: expiresAt } = result.data;
  return { ok: true, authenticationCode, expiresAt: expiresAt ? new Date(expiresAt) : undefined };
}

/** What an error answer may say about itself, as it was sent: not yet safe to show. */
export interface ErrorEnvelope {
  message?: string | undefined;
  errorCode?: string | undefined;
  ref?: string | undefined;
}

// The platform's pages name the code `errorCode`; one of its samples reads `code`.
// Not `z.catch`: that brings all of zod's helpers into the bundle, and with them `new Function`.
const onlyText = z.transform((value) => (typeof value === 'string' ? value : undefined));
const optionalString = z.optional(z.pipe(z.unknown(), onlyText));
const envelopeSchema = z.object({
  message: optionalString,
  errorCode: optionalString,
  code: optionalString,
  ref: optionalString,
});

/** Reads the error envelope; a body that is not one (a proxy's HTML, nothing) gives an empty one. */
export function parseErrorEnvelope(body: string): ErrorEnvelope {
  const result = envelopeSchema.safeParse(parseJson(body));
  if (!result.success) return {};
  const { message, errorCode, code, ref } = result.data;
  return { message, errorCode: errorCode || code, ref };
}

/** `JSON.parse` without its error, which quotes the text; `undefined` is not valid JSON either. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The longest wait a Retry-After can ask for and still be a number that timers can hold. */
const MAX_RETRY_AFTER = 2 ** 31 - 1;

/**
 * Milliseconds that a `Retry-After` header asks to wait: whole seconds, or an HTTP date, which is
 * measured against `now`. `undefined` when there is none or it is neither.
 */
export function parseRetryAfter(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const value = header.trim();
  if (/^\d+$/.test(value)) return Math.min(Number(value) * 1_000, MAX_RETRY_AFTER);
  // Date.parse also takes "-5" and "1.5"; an HTTP date starts with a day's name and ends in GMT
  // (RFC 9110, 5.6.7), but for the obsolete asctime form, which has no zone and is not taken.
  if (!/^[A-Z][a-z]{2,8}, .+ GMT$/.test(value)) return undefined;
  const date = Date.parse(value);
  if (Number.isNaN(date)) return undefined;
  return Math.min(Math.max(date - now, 0), MAX_RETRY_AFTER);
}
