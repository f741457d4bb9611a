/** Which error each response stands for, by its status, and what its message says. */
import type { Platform } from '../config/platform.js';
import {
  type AnySentianceError,
  SentianceAuthenticationError,
  SentiancePermissionError,
  SentianceRateLimitError,
  SentianceRedirectError,
  SentianceRequestError,
  SentianceResponseError,
  SentianceServerError,
} from '../errors.js';
import { hostOf } from '../regions.js';
import type { Secrets } from '../safety/secrets.js';
import { shownFields } from '../safety/shown-fields.js';
import { type ErrorEnvelope, type PlatformApi, WHOLE_BODY } from './api.js';

/** The call that a response belongs to. */
export interface ResponseContext {
  readonly api: PlatformApi;
  readonly platform: Platform;
  readonly secrets: Secrets;
  /** Requests that the call has sent so far. */
  readonly attempts: number;
}

/**
 * @param retryAfter Milliseconds that the response asked to wait.
 * @param failedAs The status that it stands for: another one when GraphQL fails in a 200.
 */
export function statusError(
  status: number,
  envelope: ErrorEnvelope,
  retryAfter: number | undefined,
  { api, platform, secrets, attempts }: ResponseContext,
  failedAs = status,
): AnySentianceError {
  const host = hostOf(platform.platformUrl);
  const { message, errorCode, ref } = shownFields(envelope, secrets);
  const init = { status, attempts, errorCode, ref };

  let said = '';
  if (message !== undefined) said += ` The platform says: "${message}".`;
  if (errorCode !== undefined) said += ` Its errorCode: ${errorCode}.`;
  if (ref !== undefined) said += ` Quote ref ${ref} to Sentiance support.`;

  const shown = status === failedAs ? `${status}` : `${status} with errors`;
  if (failedAs === 401) {
    return new SentianceAuthenticationError(
      `${host} (${regionInWords(platform)}) refused the API key (${shown}). A key belongs to one region, needs the user-link scope, and expires one year after it was made: check all three in Sentiance's Insights Control Tower.${said}`,
      init,
    );
  }
  if (failedAs === 403) {
    return new SentiancePermissionError(
      `${host} does not let this API key link users (${shown}). Give it the user-link scope in Sentiance's Insights Control Tower, or make a key that has it.${said}`,
      init,
    );
  }
  if (failedAs === 429) {
    // An id may be a number too, and a careless server put it there.
    const isTelling = retryAfter !== undefined && secrets.areToldBy(String(retryAfter / 1_000));
    const shownWait = isTelling ? undefined : retryAfter;
    const wait =
      shownWait === undefined ? 'It did not say for how long' : `It asks to wait ${shownWait} ms`;
    return new SentianceRateLimitError(
      `${host} limits the rate of requests (${shown}). ${wait}; ask again later.${said}`,
      { ...init, retryAfter: shownWait },
    );
  }
  if (failedAs === 408 || failedAs >= 500) {
    return new SentianceServerError(
      `${host} has a problem of its own (${shown}). Ask again later.${said}`,
      init,
    );
  }
  if (failedAs >= 400) {
    return new SentianceRequestError(
      `${host} did not accept the request (${shown}). Check that user linking is set up for the app, and that the region or baseUrl is right.${status === 404 ? otherApi(api) : ''}${said}`,
      init,
    );
  }
  return new SentianceRedirectError(
    `${host} responded with a redirect (${status}), which is not followed: it could carry the API key to another place. Check the region or baseUrl.`,
    { status, attempts },
  );
}

/** For whoever meets a path that is gone. */
function otherApi({ other }: PlatformApi): string {
  return ` If both are, Sentiance may have retired this way of asking: try api: '${other}'.`;
}

function regionInWords({ region, isDefault }: Platform): string {
  if (region === undefined) return 'your base URL';
  return isDefault ? `region ${region}, the default, since none was chosen` : `region ${region}`;
}

const PROBLEMS = {
  too_large: 'its body is larger than 1 MiB',
  not_bytes: 'its body is not a stream of bytes',
  not_utf8: 'its body is not UTF-8',
} as const;

/** A success that is not the contract. */
export function invalidResponse(
  status: number,
  problem: keyof typeof PROBLEMS | 'fields',
  issues: readonly string[],
  { platform, attempts }: ResponseContext,
): AnySentianceError {
  const because =
    problem !== 'fields'
      ? PROBLEMS[problem]
      : issues.includes(WHOLE_BODY)
        ? 'its body is not a JSON object'
        : `these fields are missing or wrong: ${issues.join(', ')}`;
  return new SentianceResponseError(
    `${hostOf(platform.platformUrl)} responded ${status}, but ${because}. Check that the region or baseUrl is the Sentiance platform's, and that no proxy responds in its place.`,
    { status, attempts, issues },
  );
}
