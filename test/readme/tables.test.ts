/** What README says in tables and numbers is what the source does; `code.test.ts` has its code. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { engines, scripts } from '../../package.json';
import * as library from '../../src/index.js';
import { DEFAULTS, ENVIRONMENT } from '../../src/options.js';
import { holdTheClock, withoutBackoff } from '../support/clock.js';
import { respondAlways, respondInTurn, statusResponse } from '../support/in-memory-fetch.js';
import {
  anchorOf,
  codeSpans,
  linkTargets,
  parseMarkdown,
  sectionCalled,
  tableRows,
} from '../support/markdown.js';
import { construct, failureOf } from '../support/refusals.js';

const ROOT = new URL('../../', import.meta.url);
const README = readFileSync(new URL('README.md', ROOT), 'utf8');
const sections = parseMarkdown(README);
const apiKey = 'test-user-link-key';

/** The chosen columns of a section's table. */
function table(heading: string, ...columns: number[]) {
  const rows = tableRows(sectionCalled(heading, sections));
  return rows.map((row) => columns.map((column) => row[column] ?? ''));
}

/** What the pattern's group matches in a section, which must have such a sentence. */
function stated(heading: string, pattern: RegExp): string {
  const found = pattern.exec(sectionCalled(heading, sections).text)?.[1];
  if (found === undefined) throw new Error(`"${heading}" says nothing like ${pattern}.`);
  return found;
}

function numbersStated(heading: string, pattern: RegExp): number[] {
  return (stated(heading, pattern).match(/\d+/g) ?? []).map(Number);
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

    expect(table('Options', 0, 1)).toEqual(options.map(([name, value]) => [`\`${name}\``, value]));
  });

  test('of a call are all in the sentence on them', () => {
    const names = stated('Options', /A call takes `\{ (.+?) \}`/).split(', ');

    expect(names).toEqual(Object.keys(CALL));
  });

  test('include the fields of the event that onAttempt is called with', () => {
    const fields = stated('Options', /`onAttempt`.+?`\{ (.+?) \}`/).split(', ');

    expect(fields).toEqual(Object.values(EVENT));
  });

  test('include how many retries are accepted', async () => {
    const range = stated('Options', /hedges together, (\d+ to \d+)\./);

    const error = await failureOf(() => construct({ apiKey, maxRetries: -1 }));

    const message = `maxRetries must be a whole number from ${range}, but it is negative.`;
    expect(error).toHaveProperty('message', message);
  });
});

describe('the regions', () => {
  test('are all in the table, with their URLs', () => {
    const regions = Object.entries(library.SENTIANCE_REGIONS);

    expect(table('Regions', 0, 2)).toEqual(
      regions.map(([region, { platformUrl }]) => [`\`'${region}'\``, `\`${platformUrl}\``]),
    );
  });

  test('are called there what error messages call them', async () => {
    const error = await failureOf(() => construct({ apiKey, region: 'mars' }));

    for (const [region = '', name] of table('Regions', 0, 1)) {
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

    expect(table('Errors', 0, 1, 3)).toEqual(expected);
  });

  test('are exported under their names', () => {
    for (const error of errors) expect(library).toHaveProperty(error.name, error.constructor);
  });

  test('have each of their fields named above the table or in their row', () => {
    for (const error of errors) {
      const row = table('Errors', 0, 2).find(([code]) => code === `\`${error.code}\``);
      const named = codeSpans(`${stated('Errors', /(Every error .+)/)} ${row}`);
      expect(named, error.name).toEqual(expect.arrayContaining(Object.keys(error)));
    }
  });

  test('have actions that are all explained', () => {
    const explained = codeSpans(stated('Errors', /What to do: (.+)/));

    expect(explained).toEqual(Object.keys(ACTIONS));
  });

  test('stand for the statuses in their row', async () => {
    const codeOf: Record<string, string> = {};
    for (const [code = '', when = ''] of table('Errors', 0, 2)) {
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

describe('the numbers', () => {
  test('are the statuses after which an attempt is retried', async () => {
    withoutBackoff();
    const retried: number[] = [];
    for (const status of ERROR_STATUSES) {
      const fetch = respondAlways(status);
      await ask({ fetch, maxRetries: 1 });
      if (fetch.mock.calls.length === 2) retried.push(status);
    }

    expect(numbersStated('Timeouts and retries', /Retries\*\* follow ([\d, ]+)/)).toEqual(retried);
  });

  test('are the longest waits before retries', async () => {
    const longest = numbersStated('Timeouts and retries', /time of up to ([\d, ]+then \d+) ms/);
    holdTheClock();
    vi.spyOn(Math, 'random').mockReturnValue(1);
    const sent: number[] = [];
    const fetch = async () => {
      sent.push(Date.now());
      return statusResponse(503);
    };

    const result = ask({ fetch, maxRetries: longest.length + 1, timeout: 60_000 });
    await vi.runAllTimersAsync();
    await result;

    const waits = sent.slice(1).map((time, index) => time - (sent[index] ?? 0));
    expect(waits).toEqual([...longest, longest.at(-1)]);
  });

  test('are the bytes of a response that are read', async () => {
    const [mebibytes = 0] = numbersStated('Security', /Responses over (\d+) MiB/);
    const response = (size: number) =>
      respondInTurn(new Response('{"authentication_code":"c"}'.padEnd(size)));
    const largest = mebibytes * 2 ** 20;

    expect(await ask({ fetch: response(largest) })).toMatchObject({ ok: true });
    expect(await ask({ fetch: response(largest + 1) })).toMatchObject({ ok: false });
  });

  test("are the words of the platform's message that are shown", async () => {
    const [words = 0] = numbersStated('Security', /at most (\d+),/);
    const message = 'word '.repeat(words + 1);

    const result = await ask({ fetch: respondInTurn(Response.json({ message }, { status: 400 })) });

    const shown = ` "${'word '.repeat(words)}…".`;
    expect(result).toHaveProperty('error.message', expect.stringContaining(shown));
  });

  test('are the tokens of the retry budget', async () => {
    const [store = 0] = numbersStated('Timeouts and retries', /starts with (\d+) tokens/);
    const aCall = Number(stated('Timeouts and retries', /gains ([\d.]+) a call/));
    const [aSecond = 0] = numbersStated('Timeouts and retries', /a call and (\d+) a second/);
    withoutBackoff();
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
    const fetch = respondAlways(503);
    const client = new library.SentianceUserLinkClient({
      apiKey,
      region: 'eu',
      fetch,
      maxRetries: 10,
    });
    let calls = 0;
    const retriesOf = async (count: number) => {
      const before = fetch.mock.calls.length;
      for (let n = 0; n < count; n += 1) await client.tryCreateAuthenticationCode('user-1001');
      calls += count;
      return fetch.mock.calls.length - before - count;
    };

    // The first call's share finds the store full.
    const spent = await retriesOf(54);
    expect(spent).toBe(Math.floor(store + 53 * aCall));
    now += 1_000;
    const flowedIn = await retriesOf(4);
    expect(spent + flowedIn).toBe(Math.floor(store + (calls - 1) * aCall + aSecond));
  });

  test('are the oldest Node that package.json allows', () => {
    expect(`>=${stated('Install', /^Node (\d+\.\d+)/m)}.0`).toBe(engines.node);
  });
});

test('the scripts that README tells people to run exist', () => {
  const commands = [...README.matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)];
  const names = commands.map(([, script, test]) => script ?? test);

  expect(names).toContain('test');
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names));
});

test('the links inside the repository lead somewhere', () => {
  const anchors = sections.map((section) => `#${anchorOf(section)}`);
  const targets = sections.flatMap(linkTargets).filter((target) => !/^\w+:/.test(target));
  const exists = (target: string) =>
    target.startsWith('#') ? anchors.includes(target) : existsSync(new URL(target, ROOT));

  expect(targets.filter((target) => !exists(target))).toEqual([]);
});

test('README stays short enough to be read', () => {
  expect(README.trimEnd().split('\n').length).toBeLessThanOrEqual(400);
});
