/** The options: what can be set, and what holds when it is not. */
import type { SentianceErrorCode } from './errors.js';
import type { SentianceRegion } from './regions.js';

/** A way to ask the platform. */
export type SentianceApi = 'rest' | 'graphql';

/** How the client is set up. Every option has a default, or an environment variable. */
export interface SentianceUserLinkClientOptions {
  /**
   * The API key with the user-link scope, or a function that gives it. A function is asked at every
   * call, within `timeout`, so that a key can be rotated or come from a secret manager. White space
   * around the key is dropped. Default: the environment variable `SENTIANCE_USER_LINK_API_KEY`, read
   * at construction.
   */
  apiKey?: string | (() => string | Promise<string>) | undefined;
  /**
   * The region that the account, the key and the users live in. Default: the environment variable
   * `SENTIANCE_REGION`, read at construction, else `eu`; a variable that is empty counts as unset.
   * There is no fallback to another region.
   */
  region?: SentianceRegion | undefined;
  /**
   * The platform's URL in place of a region's: https, or http on loopback; no user info, query or
   * fragment. A path is kept, trailing slashes are dropped. Excludes `region`. Default: when neither
   * is passed, the environment variable `SENTIANCE_BASE_URL`, read at construction, which overrides
   * `SENTIANCE_REGION`; one that is empty counts as unset.
   */
  baseUrl?: string | URL | undefined;
  /**
   * Which of the platform's APIs is asked: `rest` (`POST /users/auth-code`), which the vendor's
   * user-creation pages document, or `graphql` (`POST /v4/gql`), which its sample backend uses. Take
   * `rest` unless Sentiance tells you otherwise. Default: `rest`.
   */
  api?: SentianceApi | undefined;
  /**
   * Limit of the whole call in milliseconds: the key function, every attempt and the waits between
   * them: 1 to 2147483647. Default: 5000.
   */
  timeout?: number | undefined;
  /**
   * Milliseconds without a response after which another attempt is sent beside the slow one: 1 to
   * 2147483647; not below `timeout`: never. The first response that counts ends the call. This leans
   * on an assumption: that a newer code of a user does not make an older one invalid. Default: 1000.
   */
  hedgeAfter?: number | undefined;
  /**
   * How many attempts may follow the first, retries and hedges together: a whole number from 0 to
   * 10. Before a retry, the client waits a random time of up to 200, 400, 800, then 1000 ms, or what
   * `Retry-After` says and up to 200 ms more; a wait that does not fit in what is left of `timeout`
   * is not begun. A budget of the client's bounds them too: it starts with 100 tokens and keeps at
   * most as many, gains 10 per second and 0.2 per call, and each retry and each hedge costs 1.
   * Default: 2.
   */
  maxRetries?: number | undefined;
  /**
   * Sends the requests, for a proxy or a connection pool of your own. Must end when
   * `init.signal` does, and must not follow redirects when `init.redirect` says `manual`.
   * Default: `globalThis.fetch`, looked up at every call.
   */
  fetch?: ((url: string, init: FetchInit) => Promise<FetchResponse>) | undefined;
  /**
   * Called after every attempt, in the async context of its call, for logs and metrics. The event
   * carries no secret. What it throws or rejects with is swallowed. Default: none.
   */
  onAttempt?: ((attempt: AttemptEvent) => void) | undefined;
  /**
   * Allows construction in a browser or React Native, where the API key would be readable by
   * everyone; for tests in jsdom. Default: `false`.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
  /**
   * Allows plain http beyond loopback in `baseUrl`, for a test network such as Docker's: the API key
   * travels in clear text. Default: `false`.
   */
  dangerouslyAllowHttp?: boolean | undefined;
}

/** The `RequestInit` that `fetch` is called with: these fields alone, so that any fetch takes it. */
export interface FetchInit {
  /** Always `POST`. */
  method: 'POST';
  /** `authorization`, which holds the API key, `content-type`, `accept` and `user-agent`. */
  headers: Record<string, string>;
  /** JSON, which holds the external id. */
  body: string;
  /** A redirect is given back, not followed: the API key must not go elsewhere. */
  redirect: 'manual';
  /** Tells the `fetch` of Next.js not to cache the code; no other looks at it. */
  next: {
    /** Seconds that a response may be kept. */
    readonly revalidate: 0;
  };
  /** Aborts when the call ends: by `timeout`, the caller's signal, or another attempt's response. */
  signal: AbortSignal;
}

/**
 * The result of `fetch`: a `Response`, of the runtime or of undici, whose types differ in
 * what is not needed here.
 */
export interface FetchResponse {
  /** HTTP status; 0 for a redirect that a browser's `fetch` hides. */
  readonly status: number;
  /** As `Response.type`: `opaqueredirect` for such a redirect, `error` for none at all. */
  readonly type: string;
  /** The headers, of which `Retry-After` is read. */
  readonly headers: {
    /** The header's value; `null` or `undefined` when there is none. */
    get(name: string): string | null | undefined;
  };
  /** Whether somebody has read the body already. */
  readonly bodyUsed: boolean;
  /** The body, of which at most 1 MiB is read; `null` when there is none. */
  readonly body: FetchBody | null;
}

/** The body of a `Response`: a stream of bytes. */
export interface FetchBody {
  /** Whether somebody is reading it. */
  readonly locked: boolean;
  /** Begins to read it. */
  getReader(): FetchBodyReader;
  /** Gives up on the rest of it. */
  cancel(): Promise<void>;
}

/** The reader of a body. */
export interface FetchBodyReader {
  /** The next bytes. */
  read(): Promise<{
    /** Whether the body has ended. */
    done: boolean;
    /** The bytes; none at the end. */
    value?: Uint8Array | undefined;
  }>;
  /** Gives up on the rest of the body. */
  cancel(): Promise<void>;
}

/** What can be set for a single call; each default is what the client was constructed with. */
export interface CreateAuthenticationCodeOptions {
  /** Ends the call, waits between attempts included, with a `SentianceAbortError`. Default: none. */
  signal?: AbortSignal | undefined;
  /** Limit of the whole call in milliseconds, 1 to 2147483647. Default: the client's. */
  timeout?: number | undefined;
  /**
   * Milliseconds without a response after which another attempt is sent beside the slow one, 1 to
   * 2147483647; not below `timeout`: never. Default: the client's.
   */
  hedgeAfter?: number | undefined;
  /** How many attempts may follow the first, 0 to 10. Default: the client's. */
  maxRetries?: number | undefined;
}

/** One attempt that has ended, for logs and metrics. It carries no secret. */
export interface AttemptEvent {
  /** 1 for a call's first request. */
  attempt: number;
  /** Milliseconds from sending the request to the end of its response, or of the attempt. */
  duration: number;
  /** Where the request went. */
  platformUrl: string;
  /** HTTP status of the response; absent when there was none. */
  status?: number;
  /**
   * The code of the error that the attempt met; absent when it brought the code, or was overtaken.
   */
  code?: SentianceErrorCode;
  /** Of a connection that failed, the system's code for it, such as `ECONNRESET`. */
  reason?: string;
  /** The call ended with another attempt's response first; absent otherwise. */
  overtaken?: true;
}

/** The options that have a fixed default; README's table is tested against it. */
export const DEFAULTS = {
  region: 'eu',
  api: 'rest',
  timeout: 5_000,
  hedgeAfter: 1_000,
  maxRetries: 2,
  dangerouslyAllowBrowser: false,
  dangerouslyAllowHttp: false,
} as const satisfies SentianceUserLinkClientOptions;

/** The options that have an environment variable. */
export const ENVIRONMENT = {
  apiKey: 'SENTIANCE_USER_LINK_API_KEY',
  region: 'SENTIANCE_REGION',
  baseUrl: 'SENTIANCE_BASE_URL',
} as const;
