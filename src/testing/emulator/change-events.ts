/** Server-sent events that tell the page when to ask for the state again. */

/** At most one event in this time, in milliseconds. */
const PAUSE = 100;
/** A sign of life, for what lies between; more often than an idle connection is closed. */
const ALIVE = 5_000;
/** A page opens one. */
const MOST_LISTENERS = 100;

export class ChangeEvents {
  #version = 0;
  #listeners = 0;
  #pause: NodeJS.Timeout | undefined;
  #changedInPause = false;
  #wake: () => void = () => {};
  #nextChange = this.#newChange();

  /** Says that something is another than it was. */
  notify(): void {
    if (this.#listeners === 0) return;
    if (this.#pause !== undefined) {
      this.#changedInPause = true;
      return;
    }
    this.#version += 1;
    this.#wake();
    this.#nextChange = this.#newChange();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (!this.#changedInPause) return;
      this.#changedInPause = false;
      this.notify();
    }, PAUSE).unref();
  }

  /** The events, the first at once, until the client goes; `undefined` when too many listen. */
  open(client: AbortSignal): Response | undefined {
    if (this.#listeners >= MOST_LISTENERS) return undefined;
    this.#listeners += 1;
    client.addEventListener('abort', () => (this.#listeners -= 1), { once: true });
    let seen: number | undefined;
    const gone = new Promise<void>((resolve) => {
      client.addEventListener('abort', () => resolve(), { once: true });
    });
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        if (seen === this.#version) await Promise.race([this.#nextChange, gone, alive()]);
        if (client.aborted) controller.close();
        else if (seen === this.#version) controller.enqueue(bytes(':\n\n'));
        // Without data, a browser would pass over the event.
        else controller.enqueue(bytes(`event: state\ndata: ${this.#version}\n\n`));
        seen = this.#version;
      },
    });
    return new Response(body, {
      headers: { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' },
    });
  }

  #newChange(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }
}

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function alive(): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ALIVE).unref());
}
