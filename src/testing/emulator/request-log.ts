/** The requests that came, and what came of each. */
import type { EmulatorFault } from './faults.js';
import { shortened } from './shortened-text.js';

/** How many are kept: the last ones. */
const MOST_REQUESTS = 1_000;

/** A request that the emulator got. The API key is not in it. */
export interface EmulatedRequest {
  /** The HTTP method. */
  readonly method: string;
  /** The path without the query. At most 256 characters of it. */
  readonly path: string;
  /** Which way of asking for codes it took, if it did. */
  readonly api?: 'rest' | 'graphql';
  /** The external id that a code was asked for, when it was a string; at most 256 characters of it. */
  readonly externalId?: string;
  /** HTTP status of the response; 0 as long as there is none. */
  readonly status: number;
  /** The fault that was applied, if one was. */
  readonly fault?: EmulatorFault['type'];
  /** What came of it in words, such as `401: the key is not the emulator's`. */
  readonly reason: string;
}

/** What the state tells of a request besides; not for a test to compare. */
export interface LoggedRequest extends EmulatedRequest {
  /** 1 for the first request since the start or the last reset. */
  readonly id: number;
  /** When it came, by the emulator's clock. */
  readonly time: Date;
  /** Milliseconds until the response; absent as long as there is none. */
  readonly duration?: number;
}

interface RequestHead {
  method: string;
  path: string;
  now: number;
  api: 'rest' | 'graphql' | undefined;
}

/** A request while it is being responded to. */
export class RequestRecord {
  id = 0;
  readonly method: string;
  readonly path: string;
  readonly time: Date;
  readonly api: 'rest' | 'graphql' | undefined;
  fault: EmulatorFault['type'] | undefined;
  /** Why the response is what it is. */
  why = '';
  /** Of a GraphQL response, whose status does not tell. */
  hasErrors = false;
  #externalId: string | undefined;
  #status: number | undefined;
  #duration: number | undefined;
  readonly #startedAt = performance.now();

  constructor({ method, path, now, api }: RequestHead) {
    this.method = method;
    this.path = shortened(path);
    this.time = new Date(now);
    this.api = api;
  }

  set externalId(externalId: string) {
    this.#externalId = shortened(externalId);
  }

  /** @param status 0 when there was no response. */
  end(status: number): void {
    this.#status = status;
    this.#duration = Math.round((performance.now() - this.#startedAt) * 10) / 10;
  }

  read(): EmulatedRequest {
    const { method, path, api, fault } = this;
    return {
      method,
      path,
      ...(api === undefined ? {} : { api }),
      ...(this.#externalId === undefined ? {} : { externalId: this.#externalId }),
      status: this.#status ?? 0,
      ...(fault === undefined ? {} : { fault }),
      reason: this.#reason(),
    };
  }

  readAll(): LoggedRequest {
    const all = { id: this.id, time: new Date(this.time), ...this.read() };
    return this.#duration === undefined ? all : { ...all, duration: this.#duration };
  }

  #reason(): string {
    if (this.#status === undefined) return 'no response yet';
    const result = this.#status === 0 ? 'no response' : `${this.#status}`;
    const errors = this.hasErrors ? ' with errors' : '';
    return this.why === '' ? `${result}${errors}` : `${result}${errors}: ${this.why}`;
  }
}

export class RequestLog {
  #records: RequestRecord[] = [];
  #count = 0;

  add(record: RequestRecord): void {
    this.#count += 1;
    record.id = this.#count;
    this.#records.push(record);
    if (this.#records.length > MOST_REQUESTS) this.#records.shift();
  }

  /** Oldest first. */
  get records(): readonly RequestRecord[] {
    return this.#records;
  }
}
