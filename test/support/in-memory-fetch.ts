/** A `fetch` that opens no socket, for tests that hold the clock or count steps. */
import { issuedBody } from './loopback-server.js';

/** What one request meets. */
export type Reply = (init: RequestInit) => Response | Promise<Response>;

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
    return reply(init);
  };
  return { fetch, sent };
}

export const issueCodeInMemory: Reply = () => new Response(issuedBody);

export function status(code: number, headers: Record<string, string> = {}): Reply {
  return () => new Response('', { status: code, headers });
}

/** Ends only with its signal, as the real `fetch` does. */
export const neverAnswer: Reply = ({ signal }) =>
  new Promise((_, reject) => {
    signal?.addEventListener('abort', () => reject(signal.reason));
  });
