/** Answers of the platform from memory, for tests in which no network takes part. */
import { vi } from 'vitest';
import type { SentianceUserLinkClientOptions } from '../../src/index.js';

type Fetch = NonNullable<SentianceUserLinkClientOptions['fetch']>;

/** What `codeResponse` answers, as the client gives it back. */
export const ANSWERED_CODE = 'test-authentication-code';
export const ANSWERED_EXPIRY = '2030-01-02T03:04:05.678Z';

/** A successful answer. */
export function codeResponse(): Response {
  return Response.json({ authentication_code: ANSWERED_CODE, expires_at: ANSWERED_EXPIRY });
}

/** An answer without a body, for its status. */
export function statusResponse(status: number): Response {
  return new Response(null, { status });
}

/** A `fetch` that gives these answers in turn and fails after the last; a mock, to be asked what it was called with. */
export function answering(...responses: Response[]) {
  const left = [...responses];
  return vi.fn<Fetch>(async () => {
    const response = left.shift();
    if (response === undefined) throw new Error('The test has no answer for this request.');
    return response;
  });
}

/** A `fetch` that gives the same status to every request. */
export function answeringAlways(status: number) {
  return vi.fn<Fetch>(async () => statusResponse(status));
}

/** A `fetch` that never settles, not even when its signal aborts. */
export function neverAnswering() {
  return vi.fn<Fetch>(() => new Promise(() => {}));
}
