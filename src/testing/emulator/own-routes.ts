/** What the emulator serves beside the platform: its page, and the control routes. */
import type { ChangeEvents } from './change-events.js';
import { accessProblem } from './control-access.js';
import { CONTROL_PATH, respondToControl } from './control-routes.js';
import type { EmulatedPlatform } from './emulated-platform.js';
import { isOwnHost, type ListeningAt } from './own-hosts.js';
import { PAGE_FILES } from './page/index.js';
import { readBody } from './request-body.js';
import type { RequestRecord } from './request-log.js';
import { json } from './responses.js';

/** Of every response here: nothing of it is for another origin, or for later. */
const HEADERS = {
  'Cache-Control': 'no-store',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
};

const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
  'Referrer-Policy': 'no-referrer',
};

interface OwnParts {
  platform: EmulatedPlatform;
  events: ChangeEvents;
  listening: ListeningAt | undefined;
}

export function isOwnPath(path: string): boolean {
  return (
    path === CONTROL_PATH ||
    path.startsWith(`${CONTROL_PATH}/`) ||
    path === '/favicon.ico' ||
    PAGE_FILES.some((file) => file.path === path)
  );
}

export async function respondAsEmulator(
  parts: OwnParts,
  request: Request,
  record: RequestRecord,
): Promise<Response> {
  const response = pageFile(request, parts.listening) ?? (await control(parts, request, record));
  for (const [name, value] of Object.entries(HEADERS)) response.headers.set(name, value);
  return response;
}

/** A link of another page may lead to this one: looking at it changes nothing. */
function pageFile(request: Request, listening: ListeningAt | undefined): Response | undefined {
  const { pathname } = new URL(request.url);
  const file = PAGE_FILES.find(({ path }) => path === pathname);
  const host = request.headers.get('Host');
  const isRightHost = host === null || isOwnHost(host, listening);
  if (!isRightHost || !['GET', 'HEAD'].includes(request.method)) return undefined;
  if (file === undefined) {
    return pathname === '/favicon.ico' ? new Response(null, { status: 204 }) : undefined;
  }
  const headers = { 'Content-Type': file.type, ...PAGE_HEADERS };
  return new Response(file.text, { headers });
}

async function control(
  { platform, events, listening }: OwnParts,
  request: Request,
  record: RequestRecord,
): Promise<Response> {
  const problem = accessProblem(request, listening);
  if (problem !== undefined) {
    record.why = 'it comes from another web page, or under a foreign Host';
    return json(403, { message: problem });
  }
  const body = await readBody(request);
  if (body === undefined) return json(413, { message: 'The body is larger than 64 KiB.' });
  const response = respondToControl({ platform, events }, request, body);
  if (request.method !== 'GET') events.notify();
  return response;
}
