/** Puts a Fetch API handler behind a real HTTP server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { hostInUrl, isEveryNetwork, type ListeningAt } from './own-hosts.js';
import { MAX_BODY_BYTES } from './request-body.js';
import { isNoResponse } from './responses.js';

export type Handler = (request: Request) => Promise<Response>;

/** How long a client may take, in milliseconds. */
export interface ServerLimits {
  /** To send its request, counted from when it connects. */
  request: number;
  /** To read a part of the response. */
  read: number;
}

const LIMITS: ServerLimits = { request: 10_000, read: 10_000 };
const MAX_CONNECTIONS = 2_000;

export class LoopbackServer {
  readonly #server: Server;
  #opening: Promise<void> | undefined;
  #listening: ListeningAt | undefined;

  constructor(handler: Handler, limits = LIMITS) {
    const options = {
      headersTimeout: limits.request,
      requestTimeout: limits.request,
      connectionsCheckingInterval: Math.min(limits.request, 1_000),
    };
    this.#server = createServer(options, (request, response) => {
      void respond(handler, request, response, limits);
    });
    this.#server.maxConnections = MAX_CONNECTIONS;
  }

  /** Where it listens; `undefined` before it does. */
  get listening(): ListeningAt | undefined {
    return this.#listening;
  }

  /** A URL that leads here from this machine; `undefined` before it listens. */
  get url(): string | undefined {
    return this.#listening && urlOf(this.#listening);
  }

  async listen(port: number, host: string): Promise<string> {
    this.#opening = new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    await this.#opening;
    const at = this.#server.address();
    // It is the name of a pipe, or nothing once the server is closed; here it is neither.
    if (at === null || typeof at === 'string') throw new Error('The server has no address.');
    this.#listening = { host, address: at.address, port: at.port };
    return urlOf(this.#listening);
  }

  /** Stops listening and ends the open connections, hanging ones included. */
  async close(): Promise<void> {
    // A port that is still being opened cannot be closed yet.
    await this.#opening?.catch(() => {});
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }
}

function urlOf({ host, address, port }: ListeningAt): string {
  // Nobody can be asked at the address of all networks.
  return `http://${isEveryNetwork(address) ? '127.0.0.1' : hostInUrl(host)}:${port}`;
}

async function respond(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  limits: ServerLimits,
): Promise<void> {
  const gone = new AbortController();
  // Held until the end: Node's Request follows its signal by weak references, and one that only a
  // hanging response waits on would be collected, and never hear that its client has gone.
  let request: Request | undefined;
  outgoing.on('close', () => {
    gone.abort();
    request = undefined;
  });
  try {
    request = await toRequest(incoming, gone.signal);
    const response = await handler(request);
    if (isNoResponse(response)) outgoing.destroy();
    else await send(response, outgoing, limits);
  } catch {
    // The client went away, or the response is one that breaks off.
    outgoing.destroy();
  }
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const bytes = await readBytes(incoming);
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Request(requestUrl(incoming), {
    method,
    headers,
    signal,
    ...(hasBody ? { body: bytes } : {}),
  });
}

/** The body, or a little more of it than is taken: the rest is let go as it comes. */
function readBytes(incoming: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const enough = () => {
      resolve(Buffer.concat(chunks));
      chunks.length = 0;
    };
    incoming.on('data', (chunk: Buffer) => {
      if (size > MAX_BODY_BYTES) return;
      size += chunk.length;
      chunks.push(chunk);
      if (size > MAX_BODY_BYTES) enough();
    });
    incoming.on('end', enough);
    incoming.on('error', reject);
    incoming.on('close', () => reject(new Error('the client went away')));
  });
}

/** Not resolved against a base as a link is: `//users/auth-code` is a path, not a host. */
function requestUrl({ url = '/', headers }: IncomingMessage): URL {
  if (!url.startsWith('/')) return new URL(url);
  const host = headers.host ?? '';
  const isHost = URL.canParse(`http://${host}`) && /^[^/?#@\\]+$/.test(host);
  return new URL(`http://${isHost ? host : 'emulator.invalid'}${url}`);
}

async function send(
  response: Response,
  outgoing: ServerResponse,
  { read }: ServerLimits,
): Promise<void> {
  outgoing.setTimeout(read, () => outgoing.destroy());
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) {
    // Waits until the bytes have left: what breaks off then has arrived in part.
    await new Promise<void>((resolve, reject) => {
      outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
  outgoing.end();
}
