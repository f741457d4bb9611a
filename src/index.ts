/**
 * The client: asks the Sentiance platform for the authentication code that links your user to a
 * Sentiance user.
 *
 * @module sentiance-user-link
 */
export type { AuthenticationCode } from './authentication-code.js';
export type { AuthenticationCodeResult, UserLinkClient } from './client.js';
export { SentianceUserLinkClient } from './client.js';
export type {
  AnySentianceError,
  SentianceApiErrorInit,
  SentianceErrorAction,
  SentianceErrorCode,
  SentianceErrorInit,
} from './errors.js';
export {
  SentianceAbortError,
  SentianceApiError,
  SentianceAuthenticationError,
  SentianceConfigurationError,
  SentianceConnectionError,
  SentianceError,
  SentianceInvalidExternalIdError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
  SentianceTimeoutError,
} from './errors.js';
export type {
  AttemptEvent,
  CreateAuthenticationCodeOptions,
  FetchBody,
  FetchBodyReader,
  FetchInit,
  FetchResponse,
  SentianceApi,
  SentianceUserLinkClientOptions,
} from './options.js';
export type { SentianceRegion } from './regions.js';
export { SENTIANCE_REGIONS } from './regions.js';
