/** A login handler, in what every compiler from 5.0 on takes. Never run; `.cts` is a copy. */
import {
  type AnySentianceError,
  type FetchInit,
  type FetchResponse,
  SentianceError,
  type SentianceErrorCode,
  SentianceUserLinkClient,
  type UserLinkClient,
} from 'sentiance-user-link';

export const client: UserLinkClient = new SentianceUserLinkClient({
  apiKey: 'test-user-link-key',
  baseUrl: new URL('https://platform.example'),
  fetch: (url, init) => fetch(url, init),
  onAttempt: ({ attempt, duration }) => void `${attempt} ${duration}`,
});

export async function login(userId: string, signal: AbortSignal): Promise<string> {
  const result = await client.tryCreateAuthenticationCode(userId, { signal, timeout: 1_000 });
  return result.ok ? result.value.authenticationCode : inWords(result.error);
}

function inWords(error: AnySentianceError): string {
  switch (error.code) {
    case 'rate_limited':
      return `in ${error.retryAfter} ms`;
    case 'connection_failed':
      return error.reason ?? '';
    default:
      return error.message;
  }
}

export function codeOf(error: unknown): SentianceErrorCode | undefined {
  return error instanceof SentianceError ? error.code : undefined;
}

export type OwnFetch = (url: string, init: FetchInit) => Promise<FetchResponse>;
