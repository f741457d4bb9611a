/** What `code` and `check` share: the flags of a client, its call, and what its attempts met. */
import {
  type AttemptEvent,
  type AuthenticationCodeResult,
  SENTIANCE_REGIONS,
  type SentianceApi,
  SentianceConfigurationError,
  type SentianceErrorAction,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from 'sentiance-user-link';
import { type Arguments, type Flag, UsageError } from './arguments.js';
import { inCommandWords } from './command-words.js';

// As an object, so that the compiler names one that is missing.
const APIS = { rest: true, graphql: true } satisfies Record<SentianceApi, true>;

export const API_FLAG: Flag = {
  name: 'api',
  value: '<api>',
  help: `${listed(APIS)}. Default rest.`,
};

export const ASKING_FLAGS: readonly Flag[] = [
  {
    name: 'region',
    value: '<region>',
    help: `${listed(SENTIANCE_REGIONS)}. Default: SENTIANCE_BASE_URL, else SENTIANCE_REGION, else eu.`,
  },
  { name: 'base-url', value: '<url>', help: 'A platform URL in place of a region.' },
  API_FLAG,
  { name: 'timeout', value: '<ms>', help: 'Limit of the whole call. Default 5000.' },
  {
    name: 'dangerously-allow-http',
    help: 'Let the API key travel in clear text, on a test network.',
  },
];

type Options = Pick<
  SentianceUserLinkClientOptions,
  'region' | 'baseUrl' | 'api' | 'timeout' | 'dangerouslyAllowHttp'
>;

export function readApi(given: Arguments): SentianceApi | undefined {
  return given.oneOf('api', APIS);
}

/** The keys in prose, such as `eu, us or in`. */
function listed(table: object): string {
  const words = Object.keys(table);
  return `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}

/** @throws {UsageError} The flags cannot be right, whatever the environment holds. */
export function readOptions(given: Arguments): Options {
  const options = {
    region: given.oneOf('region', SENTIANCE_REGIONS),
    baseUrl: given.text('base-url'),
    api: readApi(given),
    timeout: given.number('timeout', [1, 2_147_483_647]),
    dangerouslyAllowHttp: given.has('dangerously-allow-http'),
  };
  if (options.region !== undefined && options.baseUrl !== undefined) {
    throw new UsageError('--region and --base-url exclude each other.');
  }
  const isFromFlags = options.region !== undefined || options.baseUrl !== undefined;
  // A bad environment is no wrong usage.
  const client = construct({
    apiKey: 'none',
    ...options,
    ...(isFromFlags ? {} : { region: 'eu' }),
  });
  if (client instanceof SentianceConfigurationError)
    throw new UsageError(inCommandWords(client.message));
  return options;
}

export interface Asked {
  result: AuthenticationCodeResult;
  /** In the order in which they were sent. */
  attempts: AttemptEvent[];
}

export async function ask(options: Options, externalId: string): Promise<Asked> {
  const attempts: AttemptEvent[] = [];
  const client = construct({ ...options, onAttempt: (attempt) => attempts.push(attempt) });
  if (client instanceof SentianceConfigurationError) {
    return { result: { ok: false, error: client }, attempts };
  }
  const result = await client.tryCreateAuthenticationCode(externalId);
  return { result, attempts: attempts.sort((a, b) => a.attempt - b.attempt) };
}

export function construct(
  options: SentianceUserLinkClientOptions,
): SentianceUserLinkClient | SentianceConfigurationError {
  try {
    return new SentianceUserLinkClient(options);
  } catch (error) {
    // The constructor throws nothing else.
    if (!(error instanceof SentianceConfigurationError)) throw error;
    return error;
  }
}

/** What an attempt met, such as `Attempt 1: 503, server_error (12 ms)`. */
export function describeAttempt({
  attempt,
  status,
  code,
  reason,
  overtaken,
  duration,
}: AttemptEvent): string {
  const met = [
    status ?? 'no response',
    overtaken ? 'overtaken by another attempt' : (code ?? 'a code'),
    reason,
  ].filter((part) => part !== undefined);
  return `Attempt ${attempt}: ${met.join(', ')} (${Math.round(duration)} ms)`;
}

export const WHAT_TO_DO: Record<SentianceErrorAction, string> = {
  alert: 'fix what the message names; it does not pass by itself.',
  retry_later: 'try again later.',
  fix_input: 'pass another external id.',
  none: 'nothing.',
};
