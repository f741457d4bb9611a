/** The platform as MSW plays it: it responds as a test tells it to, and nothing leaves the machine. */
import { http, type RequestHandler } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from 'vitest';

export const server = setupServer();

/** Call at the top of a test file: from then on, a request that no test expected fails its test. */
export function interceptRequests(): void {
  // The client turns the error that MSW gives it into one of its own, so a test could miss it.
  const unexpected: string[] = [];
  beforeAll(() => {
    server.events.on('request:unhandled', ({ request }) => {
      unexpected.push(`${request.method} ${request.url}`);
    });
    server.listen({ onUnhandledRequest: 'error' });
  });
  afterEach(() => {
    server.resetHandlers();
    expect(unexpected.splice(0), 'requests that no test expected').toEqual([]);
  });
  afterAll(() => server.close());
}

/** MSW with these handlers until the test is over; whatever they do not respond to fails. */
export function interceptWith(...handlers: RequestHandler[]): void {
  const own = setupServer(...handlers);
  onTestFinished(() => own.close());
  own.listen({ onUnhandledRequest: 'error' });
}

/** A request as the platform saw it. */
export interface SeenRequest {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: Buffer;
}

/** Gives the response to a request, 1 being the first. */
export type Respond = (requestNumber: number) => Response;

/** Lets the URL respond so to whatever it is asked; returns the list of what it was asked. */
export function platformResponds(url: string, respond: Respond): SeenRequest[] {
  const seen: SeenRequest[] = [];
  server.use(
    http.all(url, async ({ request }) => {
      seen.push({
        method: request.method,
        url: request.url,
        headers: Object.fromEntries(request.headers),
        body: Buffer.from(await request.arrayBuffer()),
      });
      return respond(seen.length);
    }),
  );
  return seen;
}

/** The older names. */
export type Answer = Respond;
export const platformAnswers = platformResponds;
