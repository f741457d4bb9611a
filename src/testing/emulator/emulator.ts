/**
 * The part of the Sentiance platform that this library and the mobile SDK talk to, on one machine
 * and without an account. It is strict where the vendor documents a rule; what nobody documents and
 * is assumed here is said where it stands, and listed in README.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { LONGEST_TIME, readCodeLifetime } from '../code-lifetime.js';
import { printNameAlone } from '../print-name-alone.js';
import { type Refusal, refusalOf } from './api-keys.js';
import { handleControlRequest, isControlRequest } from './control-routes.js';
import { checkFault, type EmulatorFault } from './faults.js';
import { graphqlError, readGraphqlRequest, runGraphql } from './graphql-api.js';
import {
  type CreatedUser,
  type EmulatedDevice,
  type EmulatedUser,
  LinkedUsers,
} from './linked-users.js';
import { cutInHalf, json, noResponse, wrongResponse } from './responses.js';
import { LoopbackServer } from './server.js';

/** How the emulator is set up; every option has a default. */
export interface SentianceEmulatorOptions {
  /** The one key that works. Default: `test-user-link-key`. */
  apiKey?: string | undefined;
  /** Keys that exist but lack the user-link scope: 403. Default: none. */
  keysWithoutScope?: readonly string[] | undefined;
  /** Keys that were good once: 401. Default: none. */
  expiredKeys?: readonly string[] | undefined;
  /** Milliseconds that a code lives. Default: 600000, the vendor's "approx 10 mins". */
  codeLifetime?: number | undefined;
  /** The clock, in milliseconds since 1970, before what `advance` adds. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /** Whether `/_emulator/…` is served, for curl and other languages. Default: `false`. */
  controlRoutes?: boolean | undefined;
  /**
   * Called when a request has got its response, or has ended without one; for control routes
   * too. Default: none.
   */
  onRequest?: ((request: EmulatedRequest) => void) | undefined;
}

/** A request that the emulator got. The API key is not in it. */
export interface EmulatedRequest {
  readonly method: string;
  readonly path: string;
  /** The external id that a code was asked for, when it was a string. */
  readonly externalId?: string;
  /** HTTP status of the response; 0 as long as there is none. */
  readonly status: number;
  /** The fault that was applied, if one was. */
  readonly fault?: EmulatorFault['type'];
}

type RequestRecord = { -readonly [Field in keyof EmulatedRequest]: EmulatedRequest[Field] };

const AUTH_CODE_PATH = '/users/auth-code';
const GRAPHQL_PATH = '/v4/gql';

const BAD_EXTERNAL_ID = 'external_id must be a string that is not empty';

/** An emulator of the Sentiance platform, for tests and for work on a laptop. */
export class SentianceEmulator implements AsyncDisposable {
  static {
    printNameAlone(this);
  }

  readonly #apiKey: string;
  readonly #options: SentianceEmulatorOptions;
  readonly #codeLifetime: number;
  #linkedUsers = new LinkedUsers();
  #requests: RequestRecord[] = [];
  #faults: EmulatorFault[] = [];
  #clockOffset = 0;
  #errorResponses = 0;
  #server: LoopbackServer | undefined;

  constructor(options: SentianceEmulatorOptions = {}) {
    const { apiKey = 'test-user-link-key', codeLifetime } = options;
    if (typeof apiKey !== 'string' || apiKey.trim() === '') {
      throw new TypeError('SentianceEmulator: apiKey must be a string that is not blank.');
    }
    this.#options = { ...options };
    this.#apiKey = apiKey;
    this.#codeLifetime = readCodeLifetime('SentianceEmulator', codeLifetime);
  }

  /** The key that works. Not an own property: what prints the emulator does not print the key. */
  get apiKey(): string {
    return this.#apiKey;
  }

  /**
   * Serves the emulator over HTTP.
   *
   * @param options `port`: 0 for any free one, the default; `host`: default `127.0.0.1`.
   * @returns The URL, for the client's `baseUrl`.
   * @throws {Error} It is listening already, or the port is taken.
   */
  async listen({
    port = 0,
    host = '127.0.0.1',
  }: {
    port?: number;
    host?: string;
  } = {}): Promise<string> {
    if (this.#server !== undefined) {
      throw new Error(
        'SentianceEmulator is listening already. Use its url, or call await emulator.close() first.',
      );
    }
    const server = new LoopbackServer((request) => this.handle(request));
    // At once, so that a second call made meanwhile cannot leave a port taken.
    this.#server = server;
    try {
      return await server.listen(port, host);
    } catch (cause) {
      if (this.#server === server) this.#server = undefined;
      const taken = cause instanceof Error && 'code' in cause && cause.code === 'EADDRINUSE';
      if (!taken) throw cause;
      throw new Error(
        `Port ${port} on ${host} is taken. Pass another port, or 0 for any free one.`,
        { cause },
      );
    }
  }

  /** Stops listening and ends open connections. Does nothing when it is not listening. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    await server?.close();
  }

  /** Closes it at the end of an `await using` block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** Where it listens. Throws when it does not. */
  get url(): string {
    const url = this.#server?.url;
    if (url !== undefined) return url;
    throw new Error('SentianceEmulator is not listening. Call await emulator.listen() first.');
  }

  /** The users that codes were redeemed for, oldest first. */
  get users(): readonly EmulatedUser[] {
    return this.#linkedUsers.list();
  }

  /** Every request to the platform since the start or the last reset; control routes are not. */
  get requests(): readonly EmulatedRequest[] {
    return this.#requests.map((request) => ({ ...request }));
  }

  /** The emulator's time in milliseconds since 1970. */
  get now(): number {
    return (this.#options.now ?? Date.now)() + this.#clockOffset;
  }

  /** Moves the emulator's clock forward by `ms` milliseconds, so that codes expire. */
  advance(ms: number): void {
    if (!(typeof ms === 'number' && ms >= 0 && this.#clockOffset + ms <= LONGEST_TIME)) {
      throw new TypeError(
        `advance: ms must be a number of milliseconds from 0 to ${LONGEST_TIME} (100 years), all moves together.`,
      );
    }
    this.#clockOffset += ms;
  }

  /** Applies a fault to the next requests: one, or as many as `times` says. Faults queue up. */
  failNext(fault: EmulatorFault, times = 1): void {
    if (!(Number.isInteger(times) && times >= 1)) {
      throw new TypeError('failNext: times must be a whole number of at least 1.');
    }
    const checked = checkFault(fault);
    for (let n = 0; n < times; n += 1) this.#faults.push(checked);
  }

  /** Forgets users, codes, requests, faults and clock moves. Goes on listening, with its options. */
  reset(): void {
    this.#linkedUsers = new LinkedUsers();
    this.#requests = [];
    this.#faults = [];
    this.#clockOffset = 0;
    this.#errorResponses = 0;
  }

  /**
   * What the mobile SDK's `createUser` does with a code.
   *
   * @param device The device that the app runs on; `type` is `phone` unless it says `tablet`.
   * @throws {CreateUserError} With the SDK's `reason`: `USER_ALREADY_EXISTS` when the device has a
   *   user, `SERVER_ERROR` when the code is unknown, used or expired (assumed).
   */
  createUser(
    authenticationCode: string,
    device: { id: string; type?: 'phone' | 'tablet' },
  ): CreatedUser {
    if (typeof authenticationCode !== 'string') {
      throw new TypeError('createUser: authenticationCode must be a string, the code alone.');
    }
    return this.#linkedUsers.redeem(authenticationCode, checkDevice(device), this.now);
  }

  /** The mobile SDK's `reset`, which an app calls at logout: takes the user off the device. */
  resetDevice(deviceId: string): void {
    this.#linkedUsers.resetDevice(deviceId);
  }

  /**
   * Responds to one request to the platform; the server and the MSW handlers both call it. A connection
   * that is to be cut, or that the client has given up, is a `Response.error()`.
   */
  async handle(request: Request): Promise<Response> {
    const isControl = this.#options.controlRoutes === true && isControlRequest(request);
    const { pathname: path } = new URL(request.url);
    const record: RequestRecord = { method: request.method, path, status: 0 };
    if (!isControl) this.#requests.push(record);
    try {
      const response = isControl
        ? await handleControlRequest(this, request)
        : await this.#respond(request, record);
      record.status = response.status;
      return response;
    } finally {
      this.#options.onRequest?.({ ...record });
    }
  }

  async #respond(request: Request, record: RequestRecord): Promise<Response> {
    const fault = this.#faults.shift();
    if (fault === undefined) return this.#authCode(request, record);
    record.fault = fault.type;
    switch (fault.type) {
      case 'status':
        return this.#error(
          record,
          fault.status,
          fault.message ?? 'Fault by request',
          fault.errorCode,
          fault.retryAfter === undefined ? {} : { 'Retry-After': String(fault.retryAfter) },
        );
      case 'delay':
        return (await isStillThereAfter(fault.ms, request.signal))
          ? this.#authCode(request, record)
          : noResponse();
      case 'hang':
        await hasGone(request.signal);
        return noResponse();
      case 'disconnect': {
        if (fault.phase !== 'during_body') return noResponse();
        return cutInHalf(await this.#authCode(request, record));
      }
      case 'lost_response':
        await this.#authCode(request, record);
        return noResponse();
      case 'redirect':
        return new Response(null, { status: 302, headers: { Location: fault.location } });
      default:
        return wrongResponse(fault.type);
    }
  }

  async #authCode(request: Request, record: RequestRecord): Promise<Response> {
    const isGraphql = record.path === GRAPHQL_PATH;
    if (record.path !== AUTH_CODE_PATH && !isGraphql) {
      return this.#error(record, 404, 'Not found', 'NOT_FOUND');
    }
    if (request.method !== 'POST') {
      const allow = { Allow: 'POST' };
      return this.#error(record, 405, 'Method not allowed', 'METHOD_NOT_ALLOWED', allow);
    }
    const body = await readJson(request);
    return isGraphql ? this.#graphql(request, body, record) : this.#rest(request, body, record);
  }

  #rest(request: Request, body: unknown, record: RequestRecord): Response {
    const externalId = externalIdOf(body);
    if (typeof externalId === 'string') record.externalId = externalId;
    const refusal = this.#refusalOf(request);
    if (refusal !== undefined) {
      return this.#error(record, refusal.status, refusal.message, refusal.errorCode);
    }
    if (!isJson(request)) return this.#notJson(record);
    if (typeof externalId !== 'string' || externalId === '') {
      return this.#error(record, 400, BAD_EXTERNAL_ID, 'BAD_REQUEST');
    }
    const expiresAt = this.now + this.#codeLifetime;
    return json(200, {
      authentication_code: this.#linkedUsers.issueCode(externalId, expiresAt),
      expires_at: new Date(expiresAt).toISOString(),
    });
  }

  #graphql(request: Request, body: unknown, record: RequestRecord): Response {
    if (!isJson(request)) return this.#notJson(record);
    const asked = readGraphqlRequest(body);
    if (asked === undefined) {
      const message = 'The body must be a JSON object with a query';
      return this.#error(record, 400, message, 'BAD_REQUEST');
    }
    const result = runGraphql(asked, (externalId) => {
      record.externalId = externalId;
      const refusal = this.#refusalOf(request);
      if (refusal !== undefined) throw graphqlError(refusal.graphqlCode, refusal.message);
      if (externalId === '') throw graphqlError('BAD_REQUEST', BAD_EXTERNAL_ID);
      return this.#linkedUsers.issueCode(externalId, this.now + this.#codeLifetime);
    });
    return json(200, result);
  }

  #refusalOf(request: Request): Refusal | undefined {
    return refusalOf(request, { ...this.#options, apiKey: this.apiKey });
  }

  #notJson(record: RequestRecord): Response {
    const message = 'Content-Type must be application/json';
    return this.#error(record, 415, message, 'UNSUPPORTED_MEDIA_TYPE');
  }

  #error(
    { path }: RequestRecord,
    status: number,
    message: string,
    errorCode: string | undefined,
    headers?: Record<string, string>,
  ): Response {
    this.#errorResponses += 1;
    const ref = `00000000-0000-4000-8000-${this.#errorResponses.toString(16).padStart(12, '0')}`;
    const code = path === GRAPHQL_PATH ? { code: errorCode } : { errorCode };
    return json(status, { message, ...code, ref }, headers);
  }
}

function isJson(request: Request): boolean {
  return /^application\/json\s*(;|$)/i.test(request.headers.get('Content-Type') ?? '');
}

/** The JSON of the body, whatever it is; `undefined` when it is none. */
async function readJson(request: Request): Promise<unknown> {
  try {
    return JSON.parse(await request.text());
  } catch {
    return undefined;
  }
}

function externalIdOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'external_id' in body
    ? body.external_id
    : undefined;
}

function checkDevice(device: { id: string; type?: 'phone' | 'tablet' }): EmulatedDevice {
  const { id, type = 'phone' } = device ?? {};
  if (typeof id !== 'string' || id === '') {
    throw new TypeError('createUser: device.id must be a string that is not empty.');
  }
  if (type !== 'phone' && type !== 'tablet') {
    throw new TypeError("createUser: device.type must be 'phone' or 'tablet'.");
  }
  return { id, type };
}

/** Waits; ends early, with `false`, when the client goes away. */
function isStillThereAfter(ms: number, client: AbortSignal): Promise<boolean> {
  return delay(ms, true, { signal: client }).catch(() => false);
}

function hasGone(client: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (client.aborted) resolve();
    else client.addEventListener('abort', () => resolve(), { once: true });
  });
}
