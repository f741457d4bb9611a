/** What `fetch` gave: the head of a response, or what is wrong with one of a custom `fetch` or a mock. */
import { describe } from '../config/describe.js';
import type { FetchResponse } from '../options.js';

export type Head = Pick<FetchResponse, 'status' | 'headers' | 'body'>;

/** The head, or the problem, in words that go on after "fetch must resolve to". */
export function readHead(response: FetchResponse | undefined | null): Head | string {
  // Each field once: undici gives them through a proxy, which costs more than these checks.
  const { status, headers, body, bodyUsed }: Partial<FetchResponse> = response ?? {};
  if (
    typeof status !== 'number' ||
    typeof headers?.get !== 'function' ||
    (body ? typeof body.getReader !== 'function' : body === undefined && isReadByJson(response))
  ) {
    return `a Response, but resolved to ${describeResult(response)}`;
  }
  if (bodyUsed || body?.locked) {
    return 'a new Response at every call, but resolved to one whose body was read already';
  }
  return { status, headers, body: body ?? null };
}

/** A plain object in place of a Response, as in many a test of code that calls `fetch` itself. */
function isReadByJson(response: object | undefined | null): boolean {
  return typeof response === 'object' && ['json', 'text'].some((name) => name in Object(response));
}

function describeResult(response: unknown): string {
  const kind = describe(response);
  if (kind !== 'an object') return kind;
  const { status, headers, body }: { [Name in keyof FetchResponse]?: unknown } = Object(response);
  if (typeof status !== 'number') return `an object whose status is ${describe(status)}`;
  if (typeof Object(headers).get !== 'function')
    return 'an object whose headers have no get method';
  return `an object whose body is ${typeof body === 'object' ? 'no web stream' : describe(body)}`;
}
