/** Who may use the control routes: curl, tests and the emulator's own page, but no other web page. */
import { isOwnHost, type ListeningAt } from './own-hosts.js';

/** Why a request is refused, in words; `undefined` when it is not. */
export function accessProblem(
  request: Request,
  listening: ListeningAt | undefined,
): string | undefined {
  const { headers } = request;
  const host = headers.get('Host');
  // A request that came by a call of `handle`, and not over HTTP, has none.
  if (host !== null && !isOwnHost(host, listening)) {
    return 'The Host header names neither loopback nor what the emulator listens on. Ask it by one of the URLs that it printed.';
  }
  const own = host === null ? new URL(request.url).origin : `http://${host}`;
  const origin = headers.get('Origin');
  const site = headers.get('Sec-Fetch-Site') ?? 'none';
  if ((origin !== null && !isSame(origin, own)) || !['none', 'same-origin'].includes(site)) {
    return "Control routes are for curl, tests and the emulator's own page, not for other web pages.";
  }
  return undefined;
}

function isSame(origin: string, own: string): boolean {
  return origin.toLowerCase() === own.toLowerCase();
}
