/** What a careless server, proxy or `fetch` quotes of a request. */
import type { SentianceUserLinkClientOptions } from '../../src/index.js';
import { CANARIES } from '../support/canaries.js';
import type { Respond } from '../support/msw.js';
import { GRAPHQL } from '../support/ways.js';

export type Fetch = NonNullable<SentianceUserLinkClientOptions['fetch']>;

/** Whichever way the platform is asked. */
export const PLATFORM = 'https://api.sentiance.com/*';
export const KEY = CANARIES.apiKey;
export const QUOTE = `Authorization: Bearer ${KEY} {"external_id":"${CANARIES.externalId}"}`;

export const ECHOED_BODY = JSON.stringify({
  message: QUOTE,
  errorCode: CANARIES.externalId,
  code: KEY,
  ref: `ref-${KEY}`,
  authentication_code: CANARIES.authenticationCode,
  [CANARIES.body]: CANARIES.body,
});

/** The same as GraphQL says it in a 200. */
export function echoedErrors(code?: string): string {
  const message = `${QUOTE} ${CANARIES.authenticationCode}`;
  const extensions = { code: KEY, message, ref: KEY, [CANARIES.body]: CANARIES.body };
  const error = { message, path: [KEY], extensions: { ...extensions, ...(code && { code }) } };
  return JSON.stringify({ errors: [error, error], data: JSON.parse(GRAPHQL.success(QUOTE)).data });
}

/** A response that quotes the request and carries secrets of its own wherever it can. */
export function echo(status: number, body: string | null = ECHOED_BODY): Respond {
  const headers = new Headers({
    location: `https://elsewhere.example/${KEY}?id=${CANARIES.externalId}`,
    'retry-after': CANARIES.header,
    'set-cookie': `session=${CANARIES.cookie}`,
    'www-authenticate': `Bearer realm="${QUOTE}"`,
    'x-request': CANARIES.header,
  });
  return () => new Response(body, { status, statusText: CANARIES.header, headers });
}

/** A `fetch` that fails with what `make` makes of the request it was given. */
export function failing(make: (url: string, init: RequestInit) => unknown): Fetch {
  return async (url, init) => {
    throw make(url, init);
  };
}

/** A `fetch` that gives one response, and from then on hangs until its signal ends it. */
export function hangingAfter(respond?: Respond): Fetch {
  let requests = 0;
  return (_, { signal }) => {
    requests += 1;
    if (requests === 1 && respond) return Promise.resolve(respond(requests));
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new Error(QUOTE, { cause: signal.reason })));
    });
  };
}

/** Makes the reading of a property throw an error that quotes the request. */
export function withHostileGetter<T extends object>(target: T, ...names: string[]): T {
  for (const name of names) {
    const get = () => {
      throw new Error(QUOTE);
    };
    Object.defineProperty(target, name, { get, enumerable: true });
  }
  return target;
}
