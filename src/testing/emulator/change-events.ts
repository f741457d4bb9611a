/** Server-sent events that tell the page when to ask for the state again. */

/** At most one event in this time, in milliseconds. */
const PAUSE = 100;
/** A sign of life, for what lies between; more often than an idle connection is closed. */
const ALIVE = 5_000;
/** A page opens one. */
const MOST_LISTENERS = 100;

export class ChangeEvents {
  readonly #listeners = new Set<Listener>();
  #pause: NodeJS.Timeout | undefined;
  #changedInPause = false;

  /** Says that something is another than it was. */
  notify(): void {
    if (this.#listeners.size === 0) return;
    if (this.#pause !== undefined) {
      this.#changedInPause = true;
      return;
    }
    for (const listener of this.#listeners) listener.hear();
    this.#pause = setTimeout(() => {
      this.#pause = undefined;
      if (!this.#changedInPause) return;
      this.#changedInPause = false;
      this.notify();
    }, PAUSE).unref();
  }

  /** The events, the first at once, until the client goes; `undefined` when too many listen. */
  open(client: AbortSignal): Response | undefined {
    if (this.#listeners.size >= MOST_LISTENERS) return undefined;
    const listener = new Listener();
    this.#listeners.add(listener);
    const leave = () => {
      this.#listeners.delete(listener);
      listener.leave();
    };
    client.addEventListener('abort', leave, { once: true });
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const event = await listener.next();
        if (event === undefined) controller.close();
        else controller.enqueue(new TextEncoder().encode(event));
      },
      cancel: leave,
    });
    return new Response(body, { headers: { 'Content-Type': 'text/event-stream' } });
  }
}

/** One page: what it is to hear next. Of several changes that it has no time for, it hears once. */
class Listener {
  #count = 0;
  #hasNews = true;
  #hasLeft = false;
  #wake: () => void = () => {};

  hear(): void {
    this.#hasNews = true;
    this.#wake();
  }

  leave(): void {
    this.#hasLeft = true;
    this.#wake();
  }

  /** The next event; `undefined` at the end. */
  async next(): Promise<string | undefined> {
    if (!this.#hasNews && !this.#hasLeft) await this.#newsOrTime();
    if (this.#hasLeft) return undefined;
    if (!this.#hasNews) return ':\n\n';
    this.#hasNews = false;
    this.#count += 1;
    // Without data, a browser would pass over the event.
    return `event: state\ndata: ${this.#count}\n\n`;
  }

  #newsOrTime(): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ALIVE).unref();
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
