/** The class: options in, one call's work in order, errors out. */
import type { AuthenticationCode } from './authentication-code.js';
import { checkApiKey, checkExternalId } from './checks.js';
import { type AnySentianceError, SentianceConfigurationError, SentianceError } from './errors.js';
import { type EndableCall, endOfCall } from './failures.js';
import type { CreateAuthenticationCodeOptions, SentianceUserLinkClientOptions } from './options.js';
import { bareCause } from './redact.js';
import type { SentianceRegion } from './regions.js';
import { Scope } from './scope.js';
import {
  type ApiKeySource,
  type ClientSettings,
  readCallOptions,
  readClientOptions,
} from './settings.js';
import { shareSignal } from './shared-signal.js';
import { requestCode } from './transport.js';
import { AUTH_CODE_PATH, encodeRequestBody } from './wire.js';

/** What `tryCreateAuthenticationCode` resolves to: a code, or why there is none. */
export type AuthenticationCodeResult =
  | { ok: true; value: AuthenticationCode }
  | { ok: false; error: AnySentianceError };

/** What a login handler depends on: the client, or a fake of it in a test. */
export interface UserLinkClient {
  /** See {@link SentianceUserLinkClient.createAuthenticationCode}. */
  createAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCode>;
  /** See {@link SentianceUserLinkClient.tryCreateAuthenticationCode}. */
  tryCreateAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCodeResult>;
}

/**
 * Asks the Sentiance platform of one region for authentication codes. For servers only.
 *
 * Make one client and share it: it holds settings, no connections, and calls do not affect each
 * other. Nothing that it throws, returns or reports contains the API key or an external id.
 */
export class SentianceUserLinkClient implements UserLinkClient {
  /** The region that codes are asked from; `undefined` when `baseUrl` was given. */
  readonly region: SentianceRegion | undefined;
  /** Where requests go: the region's URL or `baseUrl`, without a trailing slash. */
  readonly platformUrl: string;

  // Private to the language, not only to TypeScript: what prints the client cannot print the key.
  readonly #settings: ClientSettings;

  /**
   * Checks the options and sends nothing.
   *
   * @param options Each has a default; without any, the key and the region come from the
   *   environment variables `SENTIANCE_USER_LINK_API_KEY` and `SENTIANCE_REGION`.
   * @throws {SentianceConfigurationError} An option is unknown or has a bad value, there is no API
   *   key, `region` and `baseUrl` are both given, or this is a browser.
   */
  constructor(options: SentianceUserLinkClientOptions = {}) {
    this.#settings = readClientOptions(options);
    this.region = this.#settings.region;
    this.platformUrl = this.#settings.platformUrl;
  }

  /**
   * Asks for an authentication code for one of your users. Ask at signup and at every login, and
   * hand the result to that user's app.
   *
   * Asking makes no Sentiance user and changes none. A request may be repeated: each issues one more
   * short-lived code.
   *
   * @param externalId Your platform's id of the user: not blank, well-formed Unicode; sent as it is.
   * @param options Limits of this call, and a signal that ends it.
   * @returns The code, when it expires, and the platform it is valid on. Settles within
   *   `totalTimeout`.
   * @throws {SentianceInvalidExternalIdError} The external id cannot be one; nothing was sent.
   * @throws {SentianceConfigurationError} A bad call option, or the `apiKey` function failed.
   * @throws {SentianceApiError} The platform answered, and not with a code; see the subclasses.
   * @throws {SentianceConnectionError} The platform could not be reached.
   * @throws {SentianceTimeoutError} `timeout` or `totalTimeout` ran out.
   * @throws {SentianceAbortError} The signal aborted.
   * @see https://docs.sentiance.com/important-topics/sdk/appendix/user-creation
   */
  async createAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCode> {
    try {
      const checkedId = checkExternalId(externalId);
      const { limits, signal } = readCallOptions(options, this.#settings);
      const scope = new Scope(limits.totalTimeout, signal && shareSignal(signal));
      try {
        return await this.#call(checkedId, { scope, limits, platformUrl: this.platformUrl });
      } finally {
        scope.close();
      }
    } catch (thrown) {
      const error = asSentianceError(thrown);
      // The stack of where it was made shows only this library; from here it shows the caller.
      Error.captureStackTrace?.(error);
      throw error;
    }
  }

  /**
   * Like {@link createAuthenticationCode}, but never rejects: for a login that goes on without a
   * code when there is none.
   *
   * @returns `{ ok: true, value }` with the code, or `{ ok: false, error }` with any of the errors
   *   that `createAuthenticationCode` rejects with.
   */
  async tryCreateAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCodeResult> {
    try {
      return { ok: true, value: await this.createAuthenticationCode(externalId, options) };
    } catch (thrown) {
      return { ok: false, error: asSentianceError(thrown) };
    }
  }

  async #call(externalId: string, call: EndableCall): Promise<AuthenticationCode> {
    const { fetch = globalThis.fetch, onAttempt } = this.#settings;
    const apiKey = await resolveApiKey(this.#settings.apiKey, call);
    const { scope, limits, platformUrl } = call;
    // Named one by one: on Node 20 a spread here costs more than the rest of the call's making.
    return requestCode({
      scope,
      limits,
      platformUrl,
      url: platformUrl + AUTH_CODE_PATH,
      apiKey,
      body: encodeRequestBody(externalId),
      secrets: [apiKey, externalId],
      fetch,
      onAttempt,
    });
  }
}

async function resolveApiKey(apiKey: ApiKeySource, call: EndableCall): Promise<string> {
  if (call.scope.endReason !== undefined) throw endOfCall(call, 0).error;
  if (typeof apiKey === 'string') return apiKey;
  let key: unknown;
  try {
    // The inner function turns a function that throws at once into a promise that rejects.
    key = await call.scope.run((async () => apiKey())());
  } catch (thrown) {
    if (call.scope.endReason !== undefined) throw endOfCall(call, 0).error;
    const { reason, cause } = bareCause(thrown);
    throw new SentianceConfigurationError(
      `The apiKey function failed${reason === undefined ? '' : ` (${reason})`}. What it threw is not shown, since it may hold the key: log it inside the function.`,
      { cause },
    );
  }
  return checkApiKey(key, 'The key from the apiKey function');
}

/** The last net: whatever else goes wrong, callers get one of the documented errors. */
function asSentianceError(thrown: unknown): AnySentianceError {
  if (isSentianceError(thrown)) return thrown;
  const { cause } = bareCause(thrown);
  return new SentianceConfigurationError(
    'The client could not be used as it was called. Call the method on its client, as client.createAuthenticationCode(…), with a signal that is an AbortSignal.',
    { cause },
  );
}

function isSentianceError(value: unknown): value is AnySentianceError {
  return value instanceof SentianceError;
}
