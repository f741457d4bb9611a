/** What README says in tables is what the source does. */
import { describe, expect, test } from 'vitest';
import { engines } from '../../package.json';
import * as library from '../../src/index.js';
import { DEFAULTS, ENVIRONMENT } from '../../src/options.js';
import { respondAlways } from '../support/in-memory-fetch.js';
import { codeSpans, stated, tableRows } from '../support/markdown.js';
import { readPage, sectionOf } from '../support/pages.js';
import { construct, failureOf } from '../support/refusals.js';

const README = 'README.md';
const apiKey = 'test-user-link-key';
const errorsSection = sectionOf(README, 'Errors');
const optionsSection = sectionOf(README, 'Options and regions');
const [optionRows, regionRows] = [tableRows(optionsSection, 0), tableRows(optionsSection, 1)];
const errorRows = tableRows(errorsSection);

/** The chosen columns of a table. */
function chosen(rows: string[][], ...columns: number[]) {
  return rows.map((row) => columns.map((column) => row[column] ?? ''));
}

function ask(options: library.SentianceUserLinkClientOptions) {
  const client = new library.SentianceUserLinkClient({ apiKey, region: 'eu', ...options });
  return client.tryCreateAuthenticationCode('user-1001');
}

const ERROR_STATUSES = Array.from({ length: 300 }, (_, index) => 300 + index);

// The compiler proves the records below complete: each has every key of its type, and no other.

describe('the options', () => {
  const DEFAULT_OF: Record<keyof library.SentianceUserLinkClientOptions, string> = {
    apiKey: `env \`${ENVIRONMENT.apiKey}\``,
    region: `env \`${ENVIRONMENT.region}\`, else \`'${DEFAULTS.region}'\``,
    baseUrl: `env \`${ENVIRONMENT.baseUrl}\``,
    api: `\`'${DEFAULTS.api}'\``,
    timeout: `\`${DEFAULTS.timeout}\``,
    hedgeAfter: `\`${DEFAULTS.hedgeAfter}\``,
    maxRetries: `\`${DEFAULTS.maxRetries}\``,
    fetch: '`globalThis.fetch`, looked up at every call',
    onAttempt: 'none',
    dangerouslyAllowBrowser: `\`${DEFAULTS.dangerouslyAllowBrowser}\``,
    dangerouslyAllowHttp: `\`${DEFAULTS.dangerouslyAllowHttp}\``,
  };
  type CallOption = keyof library.CreateAuthenticationCodeOptions;
  const CALL: Record<CallOption, 0> = { signal: 0, timeout: 0, hedgeAfter: 0, maxRetries: 0 };
  type Event = library.AttemptEvent;
  const EVENT: { [F in keyof Event]-?: undefined extends Event[F] ? `${F}?` : F } = {
    attempt: 'attempt',
    duration: 'duration',
    platformUrl: 'platformUrl',
    status: 'status?',
    code: 'code?',
    reason: 'reason?',
    overtaken: 'overtaken?',
  };

  test('are all in the table, with their defaults', () => {
    const options = Object.entries(DEFAULT_OF);

    expect(chosen(optionRows, 0, 1)).toEqual(
      options.map(([name, value]) => [`\`${name}\``, value]),
    );
  });

  test('of a call are all in the sentence on them', () => {
    const names = stated(optionsSection, /A call takes `\{ (.+?) \}`/).split(', ');

    expect(names).toEqual(Object.keys(CALL));
  });

  test('include the fields of the event that onAttempt is called with', () => {
    const fields = stated(optionsSection, /`onAttempt`.+?`\{ (.+?) \}`/).split(', ');

    expect(fields).toEqual(Object.values(EVENT));
  });

  test('include how many retries are accepted', async () => {
    const range = stated(optionsSection, /hedges together, (\d+ to \d+)\./);

    const error = await failureOf(() => construct({ apiKey, maxRetries: -1 }));

    const message = `maxRetries must be a whole number from ${range}, but it is negative.`;
    expect(error).toHaveProperty('message', message);
  });
});

describe('the regions', () => {
  test('are all in the table, with their URLs', () => {
    const regions = Object.entries(library.SENTIANCE_REGIONS);

    expect(chosen(regionRows, 0, 2)).toEqual(
      regions.map(([region, { platformUrl }]) => [`\`'${region}'\``, `\`${platformUrl}\``]),
    );
  });

  test('are called there what error messages call them', async () => {
    const error = await failureOf(() => construct({ apiKey, region: 'mars' }));

    for (const [region = '', name] of chosen(regionRows, 0, 1)) {
      const called = `${codeSpans(region)} (${name})`;
      expect(error).toHaveProperty('message', expect.stringContaining(called));
    }
  });
});

describe('the errors', () => {
  /** Something for each field that an error can have. */
  const EVERY_FIELD = {
    attempts: 1,
    status: 500,
    errorCode: 'SOME_CODE',
    ref: 'some-ref',
    retryAfter: 1,
    issues: ['(body)'],
    reason: 'ECONNRESET',
    lastError: new library.SentianceAbortError('Ended.'),
  };
  type ErrorOf<C> = Extract<library.AnySentianceError, { code: C }>;
  type Init = typeof EVERY_FIELD;
  const CLASSES: {
    [C in library.SentianceErrorCode]: new (
      message: string,
      init: Init,
    ) => ErrorOf<C>;
  } = {
    invalid_configuration: library.SentianceConfigurationError,
    invalid_external_id: library.SentianceInvalidExternalIdError,
    unauthorized: library.SentianceAuthenticationError,
    forbidden: library.SentiancePermissionError,
    rate_limited: library.SentianceRateLimitError,
    server_error: library.SentianceServerError,
    rejected: library.SentianceRequestError,
    unexpected_redirect: library.SentianceRedirectError,
    invalid_response: library.SentianceResponseError,
    connection_failed: library.SentianceConnectionError,
    timeout: library.SentianceTimeoutError,
    aborted: library.SentianceAbortError,
  };
  type Action = library.SentianceErrorAction;
  const ACTIONS: Record<Action, 0> = { alert: 0, retry_later: 0, fix_input: 0, none: 0 };
  const errors = Object.values(CLASSES).map((Class) => new Class('What went wrong.', EVERY_FIELD));

  test('are all in the table, with their class, the mark of API errors, and their action', () => {
    const expected = errors.map((error) => {
      const mark = error instanceof library.SentianceApiError ? ' ●' : '';
      const action =
        error.code === 'connection_failed' ? '`retry_later` or `alert`' : `\`${error.action}\``;
      return [`\`${error.code}\``, `\`${error.name}\`${mark}`, action];
    });

    expect(chosen(errorRows, 0, 1, 3)).toEqual(expected);
  });

  test('are exported under their names', () => {
    for (const error of errors) expect(library).toHaveProperty(error.name, error.constructor);
  });

  test('have each of their fields named above the table or in their row', () => {
    for (const error of errors) {
      const row = chosen(errorRows, 0, 2).find(([code]) => code === `\`${error.code}\``);
      const named = codeSpans(`${stated(errorsSection, /(Every error .+)/)} ${row}`);
      expect(named, error.name).toEqual(expect.arrayContaining(Object.keys(error)));
    }
  });

  test('have actions that are all explained', () => {
    const explained = codeSpans(stated(errorsSection, /What to do: (.+)/));

    expect(explained).toEqual(Object.keys(ACTIONS));
  });

  test('stand for the statuses in their row', async () => {
    const codeOf: Record<string, string> = {};
    for (const [code = '', when = ''] of chosen(errorRows, 0, 2)) {
      const statuses = when.match(/\b\d(\d\d|xx)\b/g) ?? [];
      for (const status of statuses) codeOf[status] = code;
    }

    for (const status of ERROR_STATUSES) {
      const result = await ask({ fetch: respondAlways(status), maxRetries: 0 });
      const [code] = codeSpans(codeOf[status] ?? codeOf[`${Math.floor(status / 100)}xx`] ?? '');
      expect(result).toMatchObject({ ok: false, error: { code, status } });
    }
  });
});

test('the oldest Node is the one that package.json allows', () => {
  const [oldest] =
    /^Node (\d+\.\d+)/m.exec(sectionOf(README, 'Before you start').text)?.slice(1) ?? [];

  expect(`>=${oldest}.0`).toBe(engines.node);
});

test('README stays short enough to be read', () => {
  // Without the marks of the figures, which nobody sees.
  const text = readPage(README).replaceAll(/<!--.*?-->/g, '');
  expect(text.split(/\s+/).length).toBeLessThanOrEqual(1_650);
});
