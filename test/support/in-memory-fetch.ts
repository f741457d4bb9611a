/** A `fetch` that opens no socket, for tests in which no network takes part. */
import { vi } from 'vitest';
import type { SentianceUserLinkClientOptions } from '../../src/index.js';
import { issuedBodyAt } from './loopback-server.js';
import { REST } from './ways.js';

type Fetch = NonNullable<SentianceUserLinkClientOptions['fetch']>;

/** What `codeResponse` holds, as the client gives it back. */
export const ISSUED_CODE = 'test-authentication-code';
export const ISSUED_EXPIRY = '2030-01-02T03:04:05.678Z';

export function codeResponse(): Response {
  return Response.json({ authentication_code: ISSUED_CODE, expires_at: ISSUED_EXPIRY });
}

/** A response without a body, for its status. */
export function statusResponse(status: number): Response {
  return new Response(null, { status });
}

/** Gives these responses in turn and fails after the last. A mock: it knows what it was called with. */
export function respondInTurn(...responses: Response[]) {
  const left = [...responses];
  return vi.fn<Fetch>(async () => {
    const response = left.shift();
    if (response === undefined) throw new Error('The test has no response to this request.');
    return response;
  });
}

/** Gives every request the same status. A mock as well. */
export function respondAlways(status: number) {
  return vi.fn<Fetch>(async () => statusResponse(status));
}

/** What one request meets. */
export type Reply = (init: RequestInit, url?: string) => Response | Promise<Response>;

export interface SentRequest {
  url: string;
  init: RequestInit;
  /** Whether the request's signal had aborted before it was sent. */
  alreadyAborted: boolean;
  /** `performance.now()` when it was sent. */
  sentAt: number;
}

/** Each request meets the next reply; the last one meets all that follow. */
export function inMemoryFetch(...replies: [Reply, ...Reply[]]) {
  const sent: SentRequest[] = [];
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const reply = replies[Math.min(sent.length, replies.length - 1)];
    if (reply === undefined) throw new Error('There is a first reply, by its type.');
    const alreadyAborted = init.signal?.aborted ?? false;
    sent.push({ url, init, alreadyAborted, sentAt: performance.now() });
    return reply(init, url);
  };
  return { fetch, sent };
}

export const issueCodeInMemory: Reply = (_, url = REST.path) => new Response(issuedBodyAt(url));

export function status(code: number, headers: Record<string, string> = {}): Reply {
  return () => new Response('', { status: code, headers });
}

/** Ends only with its signal, as the real `fetch` does. */
export const neverRespond: Reply = ({ signal }) =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });

/** So many milliseconds later, unless the request ends before. */
export function later(milliseconds: number, reply: Reply): Reply {
  return (init, url) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => resolve(reply(init, url)), milliseconds);
      init.signal?.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(init.signal?.reason);
      });
    });
}

/** A response of that status whose body never ends, until the request does. */
export function endless(code: number, headers: Record<string, string> = {}): Reply {
  return ({ signal }) => {
    const start = (controller: ReadableStreamDefaultController) =>
      signal?.addEventListener('abort', () => controller.error(signal.reason));
    return new Response(new ReadableStream({ start }), { status: code, headers });
  };
}

/** A connection that fails, as Node's `fetch` tells it. */
export function lost(code: string): Reply {
  const cause = Object.assign(new Error(code), { code });
  return () => Promise.reject(new TypeError('fetch failed', { cause }));
}
