/** The faults that were asked for, in their order, each with how often it is still to come. */
import { checkTimes } from '../check-times.js';
import { checkFault, type EmulatorFault } from './faults.js';

const MOST_ENTRIES = 1_000;

/** A fault that waits. */
export interface QueuedFault {
  readonly fault: EmulatorFault;
  readonly times: number;
}

/** What goes wrong on the device; all others are of requests for codes. */
export type CreateUserFault = Extract<EmulatorFault, { type: 'create_user' }>;
export type RequestFault = Exclude<EmulatorFault, CreateUserFault>;

export class FaultQueue {
  #entries: { fault: EmulatorFault; times: number }[] = [];

  /** Takes what a caller without TypeScript may pass. */
  add(fault: unknown, times: unknown): QueuedFault {
    const entry = { fault: checkFault(fault), times: checkTimes(times) };
    if (this.#entries.length >= MOST_ENTRIES) {
      throw new TypeError(`failNext: ${MOST_ENTRIES} faults wait already.`);
    }
    this.#entries.push(entry);
    return { ...entry };
  }

  clear(): void {
    this.#entries = [];
  }

  /** The next fault of a request for a code. */
  nextOfRequest(): RequestFault | undefined {
    return this.#take(isOfRequest);
  }

  /** The next fault of `createUser` on a device. */
  nextOfCreateUser(): CreateUserFault | undefined {
    return this.#take(isOfCreateUser);
  }

  list(): QueuedFault[] {
    return this.#entries.map(({ fault, times }) => ({ fault: { ...fault }, times }));
  }

  #take<F extends EmulatorFault>(isWanted: (fault: EmulatorFault) => fault is F): F | undefined {
    for (const [index, entry] of this.#entries.entries()) {
      const { fault } = entry;
      if (!isWanted(fault)) continue;
      entry.times -= 1;
      if (entry.times === 0) this.#entries.splice(index, 1);
      return fault;
    }
    return undefined;
  }
}

function isOfCreateUser(fault: EmulatorFault): fault is CreateUserFault {
  return fault.type === 'create_user';
}

function isOfRequest(fault: EmulatorFault): fault is RequestFault {
  return fault.type !== 'create_user';
}
