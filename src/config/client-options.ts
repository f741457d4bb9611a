/** The constructor's options, checked at once, so that a bad one fails at boot. */

import { SentianceConfigurationError as Refusal } from '../errors.js';
import { DEFAULTS, type SentianceApi, type SentianceUserLinkClientOptions } from '../options.js';
import { type ApiKeySource, readApiKeySource } from './api-key.js';
import { describe } from './describe.js';
import { type CallLimits, readLimits } from './limits.js';
import { readOptions } from './options-object.js';
import { type Platform, readPlatform } from './platform.js';
import { refuseBrowser } from './refuse-browser.js';
import { readBoolean, readFunction } from './values.js';

export type FetchFunction = NonNullable<SentianceUserLinkClientOptions['fetch']>;
export type AttemptListener = NonNullable<SentianceUserLinkClientOptions['onAttempt']>;

/** The options of a client, checked. */
export interface ClientConfig {
  readonly apiKey: ApiKeySource;
  readonly platform: Platform;
  readonly api: SentianceApi;
  readonly limits: CallLimits;
  readonly fetch: FetchFunction | undefined;
  readonly onAttempt: AttemptListener | undefined;
}

const NAMES = [
  'apiKey',
  'region',
  'baseUrl',
  'api',
  'timeout',
  'hedgeAfter',
  'maxRetries',
  'fetch',
  'onAttempt',
  'dangerouslyAllowBrowser',
  'dangerouslyAllowHttp',
] as const satisfies readonly (keyof SentianceUserLinkClientOptions)[];

export function readClientOptions(options: unknown): ClientConfig {
  const given = readOptions(options, NAMES, 'The options of SentianceUserLinkClient', Refusal);
  refuseBrowser(readBoolean('dangerouslyAllowBrowser', given.dangerouslyAllowBrowser, Refusal));
  const allowHttp = readBoolean('dangerouslyAllowHttp', given.dangerouslyAllowHttp, Refusal);
  return {
    platform: readPlatform({ region: given.region, baseUrl: given.baseUrl, allowHttp }),
    api: readApi(given.api),
    limits: readLimits(given, DEFAULTS),
    apiKey: readApiKeySource(given.apiKey),
    fetch: readFunction<FetchFunction>('fetch', given.fetch, Refusal),
    onAttempt: readFunction<AttemptListener>('onAttempt', given.onAttempt, Refusal),
  };
}

function readApi(value: unknown): SentianceApi {
  if (value === undefined) return DEFAULTS.api;
  if (value === 'rest' || value === 'graphql') return value;
  throw new Refusal(
    `api must be 'rest' or 'graphql', but it is ${typeof value === 'string' ? 'something else' : describe(value)}.`,
  );
}
