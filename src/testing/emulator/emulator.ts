/**
 * The part of the Sentiance platform that this library and the mobile SDK talk to, on one machine
 * and without an account: the class that its users see.
 */
import { readBoolean, readFunction } from '../../config/values.js';
import { readCodeLifetime } from '../code-lifetime.js';
import { printNameAlone } from '../print-name-alone.js';
import { readClock, readTestOptions, readTexts } from '../strict-input.js';
import { ChangeEvents } from './change-events.js';
import { EmulatedPlatform } from './emulated-platform.js';
import type { EmulatorFault } from './faults.js';
import type { CreatedUser, EmulatedUser } from './linked-users.js';
import { isOwnHost } from './own-hosts.js';
import { isOwnPath, respondAsEmulator } from './own-routes.js';
import { apiOf, PlatformRequest } from './platform-routes.js';
import { type EmulatedRequest, RequestRecord } from './request-log.js';
import { LoopbackServer } from './server.js';

/** How the emulator is set up; every option has a default. */
export interface SentianceEmulatorOptions {
  /** The one key that works. Default: `test-user-link-key`. */
  apiKey?: string | undefined;
  /** Keys that exist but lack the user-link scope: 403. Default: none. */
  keysWithoutScope?: readonly string[] | undefined;
  /** Keys that were good once: 401. Default: none. */
  expiredKeys?: readonly string[] | undefined;
  /**
   * Milliseconds that a code lives, above 0 and up to 100 years. Default: 600000, the vendor's
   * "approx 10 mins".
   */
  codeLifetime?: number | undefined;
  /** The clock, in milliseconds since 1970, before what `advance` adds. Default: `Date.now`. */
  now?: (() => number) | undefined;
  /**
   * Whether the page (at `/`) and `/_emulator/…` are served, for people, curl and other languages.
   * Default: `false`.
   */
  controlRoutes?: boolean | undefined;
  /**
   * Called when a request has got its response, or has ended without one; for control routes
   * too. Default: none.
   */
  onRequest?: ((request: EmulatedRequest) => void) | undefined;
}

type OnRequest = NonNullable<SentianceEmulatorOptions['onRequest']>;

const NAME = 'SentianceEmulator';
const OPTIONS = [
  'apiKey',
  'keysWithoutScope',
  'expiredKeys',
  'codeLifetime',
  'now',
  'controlRoutes',
  'onRequest',
] as const satisfies readonly (keyof SentianceEmulatorOptions)[];

/** An emulator of the Sentiance platform, for tests and for work on a laptop. */
export class SentianceEmulator implements AsyncDisposable {
  static {
    printNameAlone(this);
  }

  readonly #hasControlRoutes: boolean;
  readonly #onRequest: OnRequest | undefined;
  readonly #platform: EmulatedPlatform;
  readonly #events = new ChangeEvents();
  #server: LoopbackServer | undefined;

  /**
   * Makes an emulator that does not listen yet.
   *
   * @param options Each has a default.
   * @throws `TypeError`: An option is unknown or has a bad value.
   */
  constructor(options: SentianceEmulatorOptions = {}) {
    const given = readTestOptions(options, OPTIONS, NAME);
    const { apiKey = 'test-user-link-key', controlRoutes, onRequest } = given;
    if (typeof apiKey !== 'string' || apiKey.trim() === '') {
      throw new TypeError(`${NAME}: apiKey must be a string that is not blank.`);
    }
    const { keysWithoutScope, expiredKeys } = given;
    this.#hasControlRoutes = readBoolean(`${NAME}: controlRoutes`, controlRoutes, TypeError);
    this.#onRequest = readFunction<OnRequest>(`${NAME}: onRequest`, onRequest, TypeError);
    this.#platform = new EmulatedPlatform({
      apiKey,
      keysWithoutScope: readTexts(`${NAME}: keysWithoutScope`, keysWithoutScope),
      expiredKeys: readTexts(`${NAME}: expiredKeys`, expiredKeys),
      codeLifetime: readCodeLifetime(NAME, given.codeLifetime),
      now: readClock(NAME, given.now),
      isOwnOrigin: (origin) => this.#isOwnOrigin(origin),
    });
  }

  /** The key that works. Not an own property: what prints the emulator does not print the key. */
  get apiKey(): string {
    return this.#platform.apiKey;
  }

  /**
   * Serves the emulator over HTTP.
   *
   * @param options Where.
   * @returns The URL, for the client's `baseUrl`.
   * @throws `TypeError`: An option is unknown or has a bad value.
   * @throws `Error`: It is listening already, or the port is taken.
   */
  async listen(
    options: {
      /** 0 for any free one. Default: 0. */
      port?: number;
      /** `0.0.0.0` for all networks of this machine. Default: `127.0.0.1`. */
      host?: string;
    } = {},
  ): Promise<string> {
    const given = readTestOptions(options, ['port', 'host'], 'listen');
    const { port = 0, host = '127.0.0.1' } = given;
    if (typeof port !== 'number') throw new TypeError('listen: port must be a number.');
    if (typeof host !== 'string') throw new TypeError('listen: host must be a string.');
    // Node would take it for all networks, which nobody asks for by leaving something empty.
    if (host.trim() === '') throw new TypeError('listen: host must not be empty.');
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

  /**
   * Where it listens, for the client's `baseUrl`.
   *
   * @throws `Error`: It does not listen.
   */
  get url(): string {
    const url = this.#server?.url;
    if (url !== undefined) return url;
    throw new Error('SentianceEmulator is not listening. Call await emulator.listen() first.');
  }

  /** The users that codes were redeemed for, oldest first. */
  get users(): readonly EmulatedUser[] {
    return this.#platform.users.list();
  }

  /**
   * The last 1,000 requests to the platform since the start or the last reset, oldest first; those to
   * control routes are not among them.
   */
  get requests(): readonly EmulatedRequest[] {
    return this.#platform.requests.records.map((record) => record.read());
  }

  /** The emulator's time in milliseconds since 1970. */
  get now(): number {
    return this.#platform.clock.now;
  }

  /**
   * Moves the emulator's clock forward, so that codes expire.
   *
   * @param ms By how many milliseconds.
   */
  advance(ms: number): void {
    this.#platform.clock.advance(ms);
    this.#events.notify();
  }

  /** Takes back every move of the clock. */
  resetClock(): void {
    this.#platform.clock.reset();
    this.#events.notify();
  }

  /**
   * Applies a fault to the next requests for codes (one of the type `create_user`: to the next
   * `createUser`). Faults queue up.
   *
   * @param fault What goes wrong.
   * @param times How many requests it meets, 1 to 1,000,000.
   * @throws `TypeError`: There is no such fault, or a field of it or `times` has a bad value.
   */
  failNext(fault: EmulatorFault, times = 1): void {
    this.#platform.faults.add(fault, times);
    this.#events.notify();
  }

  /** Forgets the faults that wait. */
  clearFaults(): void {
    this.#platform.faults.clear();
    this.#events.notify();
  }

  /** Forgets users, codes, requests, faults and clock moves. Goes on listening, with its options. */
  reset(): void {
    this.#platform.reset();
    this.#events.notify();
  }

  /**
   * What the mobile SDK's `createUser` does with a code.
   *
   * @param authenticationCode The code that the app got from its backend.
   * @param device The device that the app runs on.
   * @param options What else the app passes.
   * @returns The user, new or restored.
   * @throws {@link CreateUserError}: With the SDK's `reason`: `USER_ALREADY_EXISTS` when the device has a
   *   user; `SERVER_ERROR` when the code is unknown, used, expired or of another platform (assumed);
   *   or what a fault of the type `create_user` asks for.
   */
  createUser(
    authenticationCode: string,
    device: {
      /** Any text of 1 to 256 characters. */
      id: string;
      /** Default: `phone`. */
      type?: 'phone' | 'tablet';
    },
    options: {
      /** The platform that the app names. Default: the code's own. */
      platformUrl?: string | undefined;
    } = {},
  ): CreatedUser {
    const { platformUrl } = readTestOptions(options, ['platformUrl'], 'createUser');
    try {
      return this.#platform.createUser({ authenticationCode, device, platformUrl });
    } finally {
      this.#events.notify();
    }
  }

  /**
   * The mobile SDK's `reset`, which an app calls at logout: takes the user off the device.
   *
   * @param deviceId The device's id, as `createUser` was given it.
   * @returns Whether the device had a user.
   */
  resetDevice(deviceId: string): boolean {
    this.#events.notify();
    return this.#platform.users.resetDevice(deviceId);
  }

  /**
   * Responds to one request to the platform; the server and the MSW handlers both call it. A connection
   * that is to be cut, or that the client has given up, is a `Response.error()`.
   *
   * @param request Its URL's path counts, its host does not, except that a code is of the platform
   *   that it was asked from.
   * @returns The platform's response, the page's or a control route's.
   */
  async handle(request: Request): Promise<Response> {
    const { pathname: path } = new URL(request.url);
    const isOwn = this.#hasControlRoutes && isOwnPath(path);
    const { method } = request;
    const record = new RequestRecord({ method, path, now: this.now, api: apiOf(path) });
    if (!isOwn) this.#platform.requests.add(record);
    let status = 0;
    try {
      if (!isOwn) this.#events.notify();
      const response = await (isOwn
        ? respondAsEmulator(this.#ownParts, request, record)
        : new PlatformRequest(this.#platform, request, record).respond());
      status = response.status;
      return response;
    } finally {
      record.end(status);
      if (!isOwn) this.#events.notify();
      this.#onRequest?.(record.read());
    }
  }

  get #ownParts() {
    const { listening } = this.#server ?? {};
    return { platform: this.#platform, events: this.#events, listening };
  }

  #isOwnOrigin(origin: string): boolean {
    const { listening } = this.#server ?? {};
    const { protocol, host, port } = new URL(origin);
    if (listening === undefined || protocol !== 'http:') return false;
    return Number(port || 80) === listening.port && isOwnHost(host, listening);
  }
}
