import { SentianceEmulator } from 'sentiance-user-link/testing';

/** An emulator that hands out a request when it arrives, before it is responded to. */
export class WatchedEmulator extends SentianceEmulator {
  // Kept for as long as the emulator: garbage collection takes a request that only its own signal
  // refers to, and then the signal never aborts.
  readonly #arrived: Request[] = [];
  #waiting: ((request: Request) => void)[] = [];

  nextRequest(): Promise<Request> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  override handle(request: Request): Promise<Response> {
    this.#arrived.push(request);
    for (const resolve of this.#waiting.splice(0)) resolve(request);
    return super.handle(request);
  }
}
