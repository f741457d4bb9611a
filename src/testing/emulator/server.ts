/** Puts a Fetch API handler behind a real HTTP server. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isNoResponse } from './responses.js';

export type Handler = (request: Request) => Promise<Response>;

/** Larger request bodies are cut off; a real one has some 60 bytes. */
const MAX_REQUEST_BYTES = 1_048_576;

export class LoopbackServer {
  readonly #server: Server;
  #opening: Promise<void> | undefined;
  #url: string | undefined;

  constructor(handler: Handler) {
    this.#server = createServer((request, response) => void respond(handler, request, response));
  }

  /** Where it listens; `undefined` before it does. */
  get url(): string | undefined {
    return this.#url;
  }

  async listen(port: number, host: string): Promise<string> {
    this.#opening = new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
    await this.#opening;
    const address = this.#server.address() as AddressInfo;
    this.#url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
    return this.#url;
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

async function respond(
  handler: Handler,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
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
    else await send(response, outgoing);
  } catch {
    // The client went away, or the response is one that breaks off.
    outgoing.destroy();
  }
}

async function toRequest(incoming: IncomingMessage, signal: AbortSignal): Promise<Request> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of incoming) {
    size += chunk.length;
    if (size > MAX_REQUEST_BYTES) throw new RangeError('request too large');
    chunks.push(chunk);
  }
  const method = incoming.method ?? 'GET';
  const hasBody = method !== 'GET' && method !== 'HEAD';
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return new Request(requestUrl(incoming.url ?? '/'), {
    method,
    headers,
    signal,
    ...(hasBody ? { body: Buffer.concat(chunks) } : {}),
  });
}

/** Not resolved against a base as a link is: `//users/auth-code` is a path, not a host. */
function requestUrl(target: string): URL {
  return new URL(target.startsWith('/') ? `http://emulator.invalid${target}` : target);
}

async function send(response: Response, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  for await (const chunk of response.body ?? []) {
    // Waits until the bytes have left: what breaks off then has arrived in part.
    await new Promise<void>((resolve, reject) => {
      outgoing.write(chunk, (error) => (error ? reject(error) : resolve()));
    });
  }
  outgoing.end();
}
