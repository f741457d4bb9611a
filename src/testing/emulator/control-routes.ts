/** `/_emulator/…`: the emulator's own methods over HTTP, for curl and for other languages. */

import type { SentianceEmulator } from './emulator.js';
import type { EmulatorFault } from './faults.js';
import { CreateUserError } from './linked-users.js';
import { json } from './responses.js';

const PREFIX = '/_emulator/';

type Body = Record<string, unknown>;
type Run = (emulator: SentianceEmulator, body: Body, id: string) => Response;

// The emulator's methods check what they are given, as for any caller without TypeScript: what a
// body holds is passed on as it is.
const ROUTES: readonly { method: string; path: string; run: Run }[] = [
  {
    method: 'POST',
    path: 'users',
    run: (emulator, { authenticationCode, device }) =>
      json(200, emulator.createUser(authenticationCode as string, device as { id: string })),
  },
  {
    method: 'POST',
    path: 'devices/:id/reset',
    run: (emulator, _body, deviceId) => {
      emulator.resetDevice(deviceId);
      return json(200, { deviceId });
    },
  },
  {
    method: 'POST',
    path: 'clock',
    run: (emulator, { advance }) => {
      emulator.advance(advance as number);
      return json(200, { now: new Date(emulator.now).toISOString() });
    },
  },
  {
    method: 'POST',
    path: 'faults',
    run: (emulator, { times, ...fault }) => {
      emulator.failNext(fault as EmulatorFault, times as number | undefined);
      return json(200, { fault, times: times ?? 1 });
    },
  },
  {
    method: 'GET',
    path: 'state',
    run: (emulator) =>
      json(200, {
        now: new Date(emulator.now).toISOString(),
        users: emulator.users,
        requests: emulator.requests,
      }),
  },
];

export function isControlRequest(request: Request): boolean {
  return new URL(request.url).pathname.startsWith(PREFIX);
}

export async function handleControlRequest(
  emulator: SentianceEmulator,
  request: Request,
): Promise<Response> {
  const path = new URL(request.url).pathname.slice(PREFIX.length);
  const body = await readBody(request);
  if (body === undefined) return json(400, { message: 'The body must be a JSON object.' });
  for (const { method, path: pattern, run } of ROUTES) {
    const found = method === request.method && pathPattern(pattern).exec(path);
    if (found) return attempt(() => run(emulator, body, decodeURIComponent(found[1] ?? '')));
  }
  const known = ROUTES.map(({ method, path: pattern }) => `${method} ${PREFIX}${pattern}`);
  return json(404, { message: `No such control route. There are: ${known.join(', ')}` });
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(':id', '([^/]+)')}$`);
}

function attempt(run: () => Response): Response {
  try {
    return run();
  } catch (error) {
    if (error instanceof CreateUserError) {
      return json(409, { reason: error.reason, message: error.message });
    }
    // A check of the emulator's own says what is wrong; a device id may be badly encoded.
    if (error instanceof TypeError || error instanceof URIError) {
      return json(400, { message: error.message });
    }
    throw error;
  }
}

async function readBody(request: Request): Promise<Body | undefined> {
  const text = await request.text();
  if (text === '') return {};
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body)
      ? { ...body }
      : undefined;
  } catch {
    return undefined;
  }
}
