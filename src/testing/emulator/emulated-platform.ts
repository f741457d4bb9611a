/** What the emulator knows: the platform's codes and users, its clock, and what is to go wrong. */
import { type ApiKeys, type Refusal, refusalOf } from './api-keys.js';
import { Clock } from './clock.js';
import { CreateUserError } from './create-user-error.js';
import { FaultQueue, type QueuedFault } from './fault-queue.js';
import { type EmulatedCode, type IssuedCode, IssuedCodes } from './issued-codes.js';
import { type CreatedUser, LinkedUsers, readDevice, type ShownUser } from './linked-users.js';
import { type LoggedRequest, RequestLog } from './request-log.js';

export interface EmulatedPlatformOptions extends ApiKeys {
  codeLifetime: number;
  now: (() => number) | undefined;
  /** Whether the emulator can be asked at this origin. */
  isOwnOrigin: (origin: string) => boolean;
}

/** What `createUser` is given, by callers without TypeScript too. */
export interface CreateUserInput {
  authenticationCode: unknown;
  device: unknown;
  platformUrl?: unknown;
}

/** All that can be seen of it. */
export interface EmulatorState {
  now: Date;
  users: ShownUser[];
  codes: EmulatedCode[];
  requests: LoggedRequest[];
  faults: QueuedFault[];
}

export class EmulatedPlatform {
  readonly clock: Clock;
  faults = new FaultQueue();
  requests = new RequestLog();
  users = new LinkedUsers();

  readonly #keys: ApiKeys;
  readonly #codeLifetime: number;
  readonly #isOwnOrigin: (origin: string) => boolean;
  #codes = new IssuedCodes();
  #errorResponses = 0;

  constructor({ codeLifetime, now, isOwnOrigin, ...keys }: EmulatedPlatformOptions) {
    this.#keys = keys;
    this.#isOwnOrigin = isOwnOrigin;
    this.#codeLifetime = codeLifetime;
    this.clock = new Clock(now);
  }

  /** The key that works. */
  get apiKey(): string {
    return this.#keys.apiKey;
  }

  get state(): EmulatorState {
    return {
      now: new Date(this.clock.now),
      users: this.users.listAll(),
      codes: this.#codes.list(this.clock.now),
      requests: this.requests.records.map((record) => record.readAll()),
      faults: this.faults.list(),
    };
  }

  refusalOf(request: Request): Refusal | undefined {
    return refusalOf(request, this.#keys);
  }

  /** @param platform The origin that was asked. */
  issueCode(externalId: string, platform: string): IssuedCode {
    const { now } = this.clock;
    return this.#codes.issue({ externalId, platform, now, lifetime: this.#codeLifetime });
  }

  /** The `ref` of the next error response. */
  nextRef(): string {
    this.#errorResponses += 1;
    return `00000000-0000-4000-8000-${this.#errorResponses.toString(16).padStart(12, '0')}`;
  }

  /** The code with this `id` in the state: only its beginning is shown there. */
  codeById(id: number): string | undefined {
    return this.#codes.findById(id)?.code;
  }

  createUser({ authenticationCode, device, platformUrl }: CreateUserInput): CreatedUser {
    if (typeof authenticationCode !== 'string') {
      throw new TypeError('createUser: authenticationCode must be a string, the code alone.');
    }
    const { id, type } = readDevice(device);
    const origin = readOrigin(platformUrl);
    const fault = this.faults.nextOfCreateUser();
    if (fault !== undefined) throw new CreateUserError(fault.reason, 'the fault you asked for.');
    this.users.checkDevice(id);
    const code = this.#usableCode(authenticationCode, origin);
    const created = this.users.link(code, { id, type }, this.clock.now);
    code.redeemedBy = id;
    return created;
  }

  /** Forgets all but its options. */
  reset(): void {
    this.clock.reset();
    this.faults = new FaultQueue();
    this.requests = new RequestLog();
    this.users = new LinkedUsers();
    this.#codes = new IssuedCodes();
    this.#errorResponses = 0;
  }

  /** All of it is assumed, but that codes expire and that each is of one platform. */
  #usableCode(authenticationCode: string, origin: string | undefined): IssuedCode {
    const code = this.#codes.find(authenticationCode);
    if (code === undefined) {
      throw badCode('was not issued by this emulator, or before its last reset');
    }
    if (origin !== undefined && !this.#isSamePlatform(origin, code.platform)) {
      throw new CreateUserError(
        'SERVER_ERROR',
        `the authentication code is unknown on that platform: it is of ${code.platform}. Pass createUser the platformUrl that comes with the code.`,
      );
    }
    if (code.redeemedBy !== undefined) throw badCode('was used already');
    if (code.expiresAt <= this.clock.now) throw badCode('has expired');
    return code;
  }

  #isSamePlatform(origin: string, other: string): boolean {
    return origin === other || (this.#isOwnOrigin(origin) && this.#isOwnOrigin(other));
  }
}

function badCode(problem: string): CreateUserError {
  return new CreateUserError(
    'SERVER_ERROR',
    `the authentication code ${problem}. Ask the backend for a new one.`,
  );
}

function readOrigin(platformUrl: unknown): string | undefined {
  if (platformUrl === undefined) return undefined;
  try {
    if (typeof platformUrl === 'string') return new URL(platformUrl).origin;
  } catch {}
  throw new TypeError('createUser: platformUrl must be a URL, as it comes with the code.');
}
