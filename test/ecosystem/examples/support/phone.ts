/** The app on a phone: talks to the example, keeps its cookies. */

/** Only against what hangs. */
const TIME_LIMIT = 20_000;

export interface AppResponse {
  status: number;
  body: Record<string, unknown>;
  /** Milliseconds until the whole response was there. */
  duration: number;
}

export class Phone {
  readonly id: string;
  readonly #url: string;
  readonly #cookies = new Map<string, string>();

  constructor(id: string, url: string) {
    this.id = id;
    this.#url = url;
  }

  /** What its session cookies hold. */
  get cookies(): readonly string[] {
    return [...this.#cookies.values()];
  }

  post(path: string, body: unknown, signal?: AbortSignal): Promise<AppResponse> {
    const headers = { 'Content-Type': 'application/json' };
    return this.#send(path, { method: 'POST', headers, body: JSON.stringify(body) }, signal);
  }

  get(path: string): Promise<AppResponse> {
    return this.#send(path, {});
  }

  async #send(path: string, init: RequestInit, signal?: AbortSignal): Promise<AppResponse> {
    const headers = new Headers(init.headers);
    const cookies = [...this.#cookies].map(([name, value]) => `${name}=${value}`);
    if (cookies.length > 0) headers.set('Cookie', cookies.join('; '));
    const started = performance.now();
    const response = await fetch(new URL(path, this.#url), {
      ...init,
      headers,
      signal: signal ?? AbortSignal.timeout(TIME_LIMIT),
    });
    for (const cookie of response.headers.getSetCookie()) this.#keep(cookie);
    const body: Record<string, unknown> = JSON.parse(await response.text());
    return { status: response.status, body, duration: performance.now() - started };
  }

  #keep(cookie: string): void {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(cookie) ?? [];
    if (name !== undefined && value !== undefined) this.#cookies.set(name, value);
  }
}
