/** Errors without a usable response, and what their messages say. */
import {
  type AnySentianceError,
  SentianceAbortError,
  SentianceConfigurationError,
  SentianceConnectionError,
  SentianceTimeoutError,
} from '../errors.js';
import { hostOf } from '../regions.js';
import { bareCause } from '../safety/foreign-errors.js';
import type { Secrets } from '../safety/secrets.js';
import { type PermanentProblem, permanentProblemOf } from './retry-policy.js';

const ADVICE: Record<PermanentProblem, string> = {
  unknown_host:
    "The host name does not exist: check the region or baseUrl, and the proxy's name. Where only a proxy knows names, set NODE_USE_ENV_PROXY=1 (Node 22.21 and later) or pass a fetch that goes through it.",
  untrusted_certificate:
    'The certificate is not trusted: check the host and the clock; for a certificate authority of your own, set NODE_EXTRA_CA_CERTS.',
  no_tls:
    'There is no TLS that both sides speak: check the scheme and the port of baseUrl, and the proxy.',
  unfit_dispatcher:
    "undici refuses how it is used. Pass its dispatchers to the fetch of the same version of undici (Node's own takes those of version 7), and give the proxy the user and password that it wants (407).",
  unmatched_mock:
    "The test's mock has no response to this request: check its host, path, headers and body, and that it has one for each attempt.",
};

/** By the reason, where it has advice of its own. */
const TRANSIENT_ADVICE: Readonly<Record<string, string>> = {
  // undici's code for a proxy that responds to CONNECT with anything but 200.
  UND_ERR_ABORTED:
    'A proxy refused to connect to it. Ask again later; if it stays, check the user and password for the proxy (407) and its rules (403).',
};
const LATER = 'Ask again later; if it stays, check DNS, firewall and proxy';

function transientAdvice(reason: string | undefined, cause: Error): string {
  return reason === undefined ? adviceOnUnknown(cause) : (TRANSIENT_ADVICE[reason] ?? `${LATER}.`);
}

/** Without a reason: in Deno, when Node's fetch meets a 407, or when a mock of fetch throws. */
function adviceOnUnknown(cause: Error): string {
  // A runtime's fetch fails with a TypeError.
  return cause.name === 'TypeError'
    ? `${LATER}, which may want a user and password (407).`
    : `${LATER}. In a test, look at the mock of fetch: it may have thrown.`;
}

/** The platform could not be reached, or the connection was lost before the end of the response. */
export function connectionError(
  thrown: unknown,
  platformUrl: string,
  secrets: Secrets,
  attempts: number,
): SentianceConnectionError {
  const { reason, cause } = bareCause(thrown, secrets);
  const problem = permanentProblemOf(reason);
  const because = reason === undefined ? '' : ` (${reason})`;
  const advice = problem === undefined ? transientAdvice(reason, cause) : ADVICE[problem];
  return new SentianceConnectionError(
    `${hostOf(platformUrl)} could not be reached, or the connection was lost${because}. ${advice}`,
    { attempts, reason, cause, action: problem === undefined ? 'retry_later' : 'alert' },
  );
}

export interface TimeoutDetails {
  platformUrl: string;
  timeout: number;
  /** Requests sent; 0 while the key function was asked. */
  attempts: number;
  /** Of a response that had begun. */
  status: number | undefined;
  lastError: AnySentianceError | undefined;
}

export function timeoutError(details: TimeoutDetails): SentianceTimeoutError {
  const { platformUrl, timeout, attempts, status, lastError } = details;
  const who = attempts === 0 ? 'The apiKey function' : hostOf(platformUrl);
  const what =
    status === undefined ? 'did not respond' : `responded ${status}, but not to the end,`;
  return new SentianceTimeoutError(
    `${who} ${what} within ${timeout} ms (timeout, the limit of the whole call). Ask again later.`,
    { attempts, lastError },
  );
}

export function abortError(attempts: number): SentianceAbortError {
  return new SentianceAbortError("The call was ended by the caller's signal.", { attempts });
}

/** A custom `fetch`, or a test's mock of the global one, gave something that is no response. */
export function unusableFetch(problem: string, attempts: number): SentianceConfigurationError {
  return new SentianceConfigurationError(
    `fetch must resolve to ${problem}. In a test, let the mock make a new Response for each call, such as Response.json({ authentication_code: 'test' }), or use the fakes of sentiance-user-link/testing.`,
    { attempts },
  );
}

export function missingFetch(): SentianceConfigurationError {
  return new SentianceConfigurationError(
    "This runtime has no fetch. Use Node 20.19 or later, in Jest with the test environment 'node', or pass one as the option fetch.",
  );
}

/** Says of an error that it would have been met with another attempt, had there been a token. */
export function addBudgetNote(error: AnySentianceError): void {
  error.message +=
    " No further attempt was sent: this client's retry budget is spent, as in an outage.";
}

export function apiKeyFunctionFailed(
  thrown: unknown,
  secrets: Secrets,
): SentianceConfigurationError {
  const { reason, cause } = bareCause(thrown, secrets);
  return new SentianceConfigurationError(
    `The apiKey function failed${reason === undefined ? '' : ` (${reason})`}. What it threw is not shown, since it may hold the key: log it inside the function.`,
    { cause },
  );
}

/** The last net: what the caller's own objects threw. */
export function unforeseen(): SentianceConfigurationError {
  return new SentianceConfigurationError(
    'The client could not be used as it was called. Call the method on its client, as client.createAuthenticationCode(…), with a signal that is an AbortSignal.',
  );
}
