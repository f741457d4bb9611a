/** The class: options in, a code or an error out. */
import type { AuthenticationCode } from './authentication-code.js';
import { Call, type CallOwner } from './call/call.js';
import { unforeseen } from './call/call-errors.js';
import { RetryBudget } from './call/retry-budget.js';
import { readCallOptions } from './config/call-options.js';
import { readClientOptions } from './config/client-options.js';
import { checkExternalId } from './config/external-id.js';
import { type AnySentianceError, SentianceError } from './errors.js';
import type {
  CreateAuthenticationCodeOptions,
  SentianceApi,
  SentianceUserLinkClientOptions,
} from './options.js';
import type { PlatformApi } from './platform/api.js';
import { graphql } from './platform/graphql.js';
import { rest } from './platform/rest.js';
import type { SentianceRegion } from './regions.js';

const APIS = { rest, graphql } satisfies Record<SentianceApi, PlatformApi>;

/** The result of `tryCreateAuthenticationCode`: a code, or why there is none. */
export type AuthenticationCodeResult =
  | {
      /** There is a code. */
      ok: true;
      /** The code, when it expires, and the platform it is valid on. */
      value: AuthenticationCode;
    }
  | {
      /** There is none. */
      ok: false;
      /** Why: its `code` says what happened, its `action` what to do. */
      error: AnySentianceError;
    };

/** The interface that a login handler depends on: the client, or a fake of it in a test. */
export interface UserLinkClient {
  /**
   * Asks for a code. See {@link SentianceUserLinkClient.createAuthenticationCode}.
   *
   * @param externalId Your platform's id of the user.
   * @param options Limits of this call, and a signal that ends it.
   * @returns The code; rejects with one of {@link AnySentianceError}.
   */
  createAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCode>;
  /**
   * Asks for a code and never rejects. See
   * {@link SentianceUserLinkClient.tryCreateAuthenticationCode}.
   *
   * @param externalId Your platform's id of the user.
   * @param options Limits of this call, and a signal that ends it.
   * @returns The code, or why there is none.
   */
  tryCreateAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCodeResult>;
}

/**
 * Asks the Sentiance platform of one region for authentication codes. For servers only.
 *
 * Make one client and share it: it holds settings and a retry budget, and no connections. Nothing
 * that it throws, returns or reports contains the API key or an external id.
 */
export class SentianceUserLinkClient implements UserLinkClient {
  /** The region that codes are asked from; `undefined` when `baseUrl` was given. */
  readonly region: SentianceRegion | undefined;
  /** Where requests go: the region's URL or `baseUrl`, without a trailing slash. */
  readonly platformUrl: string;

  // Private to the language, not only to TypeScript: what prints the client cannot print the key.
  readonly #config: CallOwner;

  /**
   * Checks the options and sends nothing.
   *
   * @param options Each has a default; without any, the key and the region come from the
   *   environment variables `SENTIANCE_USER_LINK_API_KEY`, `SENTIANCE_BASE_URL` and
   *   `SENTIANCE_REGION`.
   * @throws {@link SentianceConfigurationError}: An option is unknown or has a bad value, there is no API
   *   key, `region` and `baseUrl` are both given, or this is a browser.
   */
  constructor(options: SentianceUserLinkClientOptions = {}) {
    const config = readClientOptions(options);
    this.#config = { ...config, api: APIS[config.api], budget: new RetryBudget() };
    this.region = this.#config.platform.region;
    this.platformUrl = this.#config.platform.platformUrl;
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
   *   `timeout`.
   * @throws {@link SentianceInvalidExternalIdError}: The external id cannot be one; nothing was sent.
   * @throws {@link SentianceConfigurationError}: A bad call option, the `apiKey` function failed, or the
   *   runtime has no `fetch`.
   * @throws {@link SentianceApiError}: The platform responded, and not with a code; see the subclasses.
   * @throws {@link SentianceConnectionError}: The platform could not be reached.
   * @throws {@link SentianceTimeoutError}: `timeout` ran out.
   * @throws {@link SentianceAbortError}: The signal aborted.
   * @see https://docs.sentiance.com/important-topics/sdk/appendix/user-creation
   */
  async createAuthenticationCode(
    externalId: string,
    options?: CreateAuthenticationCodeOptions,
  ): Promise<AuthenticationCode> {
    try {
      const checkedId = checkExternalId(externalId);
      const config = readCallOptions(options, this.#config.limits);
      return await new Call(this.#config, checkedId, config).make();
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
   * @param externalId Your platform's id of the user: not blank, well-formed Unicode; sent as it is.
   * @param options Limits of this call, and a signal that ends it.
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
}

/** The last net: whatever else goes wrong, callers get one of the documented errors. */
function asSentianceError(thrown: unknown): AnySentianceError {
  return thrown instanceof SentianceError ? thrown : unforeseen();
}
