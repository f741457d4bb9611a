/** `/_emulator/…`: the emulator's own methods over HTTP, for curl, for its page and other languages. */
import type { ChangeEvents } from './change-events.js';
import { CreateUserError } from './create-user-error.js';
import type { EmulatedPlatform } from './emulated-platform.js';
import { parseJson } from './request-body.js';
import { json } from './responses.js';

export const CONTROL_PATH = '/_emulator';

/** What the routes act on. */
export interface Controls {
  platform: EmulatedPlatform;
  events: ChangeEvents;
}

type Body = Record<string, unknown>;

interface ControlRequest {
  body: Body;
  /** `:id` in the path. */
  id: string;
  /** Aborts when the client goes away. */
  client: AbortSignal;
  /** Where the emulator was asked. */
  origin: string;
}

type Run = (controls: Controls, request: ControlRequest) => Response;

interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  what: string;
  /** A body to try. */
  example?: Body;
  run: Run;
}

const ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: '',
    what: 'Lists what there is, with an example each.',
    run: ({ platform }, { origin }) =>
      json(200, { apiKey: platform.apiKey, routes: ROUTES.map((it) => describe(it, origin)) }),
  },
  {
    method: 'GET',
    path: '/state',
    what: 'All that the emulator knows: users with their devices, codes, requests, faults.',
    run: ({ platform }) => json(200, platform.state),
  },
  {
    method: 'GET',
    path: '/events',
    what: 'Server-sent events: one, of the type state, when the state has changed.',
    run: ({ events }, { client }) =>
      events.open(client) ?? json(503, { message: 'Too many listen already.' }),
  },
  {
    method: 'POST',
    path: '/users',
    what: "Does what the mobile SDK's createUser does with a code, or with the codeId of one in the state; platformUrl is optional.",
    example: { authenticationCode: '<the code>', device: { id: 'phone-1', type: 'phone' } },
    run: ({ platform }, { body: { codeId, ...input } }) => {
      const { device, platformUrl } = input;
      const authenticationCode =
        codeId === undefined ? input.authenticationCode : codeById(platform, codeId);
      return json(200, platform.createUser({ authenticationCode, device, platformUrl }));
    },
  },
  {
    method: 'POST',
    path: '/devices/:id/reset',
    what: "Does what the mobile SDK's reset does, which an app calls at logout.",
    run: ({ platform }, { id }) =>
      platform.users.resetDevice(id)
        ? json(200, { deviceId: id })
        : json(404, { message: 'No user is on a device of this id.' }),
  },
  {
    method: 'POST',
    path: '/clock',
    what: 'Moves the clock on by milliseconds, so that codes expire; {"reset":true} takes that back.',
    example: { advance: 660_000 },
    run: ({ platform }, { body: { advance, reset } }) => {
      if (reset === true) platform.clock.reset();
      else platform.clock.advance(advance);
      return timeOf(platform);
    },
  },
  {
    method: 'POST',
    path: '/faults',
    what: 'Lets something go wrong with the next requests for codes (or createUser), as many as times says.',
    example: { type: 'status', status: 503, times: 2 },
    run: ({ platform }, { body: { times, ...fault } }) =>
      json(200, platform.faults.add(fault, times)),
  },
  {
    method: 'DELETE',
    path: '/faults',
    what: 'Takes back all faults that wait.',
    run: ({ platform }) => {
      platform.faults.clear();
      return json(200, { faults: [] });
    },
  },
  {
    method: 'POST',
    path: '/reset',
    what: 'Forgets users, codes, requests, faults and clock moves.',
    run: ({ platform }) => {
      platform.reset();
      return timeOf(platform);
    },
  },
];

/** Responds to a request with this body, to a path that begins with `CONTROL_PATH`. */
export function respondToControl(controls: Controls, request: Request, text: string): Response {
  const { pathname, origin } = new URL(request.url);
  const path = pathname.slice(CONTROL_PATH.length);
  const body = readObject(text);
  if (body === undefined) return json(400, { message: 'The body must be a JSON object.' });
  for (const route of ROUTES) {
    const found = route.method === request.method && pathPattern(route.path).exec(path);
    if (!found) continue;
    return attempt(() => {
      const id = decodeURIComponent(found[1] ?? '');
      return route.run(controls, { body, id, client: request.signal, origin });
    });
  }
  const known = ROUTES.map((route) => `${route.method} ${CONTROL_PATH}${route.path}`);
  return json(404, { message: `No such control route. There are: ${known.join(', ')}` });
}

function describe({ method, path, what, example }: Route, origin: string) {
  const url = `${origin}${CONTROL_PATH}${path.replace(':id', 'phone-1')}`;
  const flags = { GET: '', POST: ' -X POST', DELETE: ' -X DELETE' }[method];
  const body = example === undefined ? '' : ` -d '${JSON.stringify(example)}'`;
  const curl = path === '/events' ? 'curl -sN' : 'curl -s';
  return {
    method,
    path: `${CONTROL_PATH}${path}`,
    what,
    // With a body, curl posts by itself.
    example: `${curl}${example === undefined ? flags : ''} ${url}${body}`,
  };
}

function timeOf({ clock }: EmulatedPlatform): Response {
  return json(200, { now: new Date(clock.now).toISOString() });
}

function codeById(platform: EmulatedPlatform, codeId: unknown): string {
  const code = typeof codeId === 'number' ? platform.codeById(codeId) : undefined;
  if (code !== undefined) return code;
  throw new TypeError('createUser: codeId must be the id of a code in the state.');
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
    if (!(error instanceof TypeError || error instanceof URIError)) throw error;
    return json(400, { message: error.message });
  }
}

function readObject(text: string): Body | undefined {
  const body = text === '' ? {} : parseJson(text);
  const isObject = typeof body === 'object' && body !== null && !Array.isArray(body);
  return isObject ? { ...body } : undefined;
}
