/** The MSW entry in a project that has MSW, whose own types need `dom`. Never run. */
import type { RequestHandler } from 'msw';
import { setupServer } from 'msw/node';
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { type UserLinkHandlersOptions, userLinkHandlers } from 'sentiance-user-link/testing/msw';

export const emulator = new SentianceEmulator();
const options: UserLinkHandlersOptions = { emulator, baseUrls: ['https://platform.example.com'] };
const handlers: RequestHandler[] = userLinkHandlers(options);
setupServer(...handlers, ...userLinkHandlers()).listen();

// @ts-expect-error: an emulator, not its URL
userLinkHandlers({ emulator: 'http://localhost:8787' });
// @ts-expect-error: no such option
userLinkHandlers({ baseUrl: 'https://platform.example.com' });

// With the browser's types in place of Node's.
export const client = new SentianceUserLinkClient({ fetch });
const signal: AbortSignal = AbortSignal.timeout(1_000);
void client.tryCreateAuthenticationCode('user-1', { signal });
const response: Promise<Response> = emulator.handle(new Request('https://platform.example.com'));
void response;
