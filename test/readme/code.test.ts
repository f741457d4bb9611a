/** The code in README compiles and runs. */
import { readFileSync } from 'node:fs';
import { inspect } from 'node:util';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { compile, run } from '../support/code-blocks.js';
import {
  codeResponse,
  ISSUED_CODE,
  ISSUED_EXPIRY,
  statusResponse,
} from '../support/in-memory-fetch.js';
import { type CodeBlock, parseMarkdown, sectionCalled } from '../support/markdown.js';
import { interceptRequests, platformResponds } from '../support/msw.js';

/** What is done with a block, by its language. */
const LANGUAGES: Readonly<Record<string, 'compile' | 'leave'>> = {
  ts: 'compile',
  js: 'compile',
  sh: 'leave',
  mermaid: 'leave',
};

const sections = parseMarkdown(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'));
const blocks = sections.flatMap(({ codeBlocks }) => codeBlocks);

const apiKey = 'test-user-link-key';
const endpoint = 'https://api.sentiance.com/users/auth-code';

interceptRequests();

beforeEach(() => {
  vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', apiKey);
  vi.stubEnv('SENTIANCE_REGION', undefined);
});

/** The one block of a section. */
function blockOf(heading: string): CodeBlock {
  const [block, ...more] = sectionCalled(heading, sections).codeBlocks;
  if (block === undefined || more.length > 0) throw new Error(`"${heading}" needs one block.`);
  return block;
}

test('every block is in a language that this test knows', () => {
  const unknown = blocks.filter(({ language }) => LANGUAGES[language] === undefined);

  expect(unknown).toEqual([]);
});

test('every block of TypeScript or JavaScript compiles by itself', { timeout: 60_000 }, () => {
  const compiled = blocks.filter(({ language }) => LANGUAGES[language] === 'compile');

  expect(compile(compiled)).toEqual([]);
});

describe('the quick start', () => {
  const block = blockOf('Quick start');

  test('asks for a code with the key from the environment', async () => {
    vi.spyOn(console, 'log').mockReturnValue();
    const requests = platformResponds(endpoint, codeResponse);

    await run(block);

    const seen = requests.map(({ headers, body }) => [headers.authorization, String(body)]);
    expect(seen).toEqual([[`Bearer ${apiKey}`, '{"external_id":"user-1001"}']]);
  });

  test('prints what its comment says, without the code', async () => {
    const log = vi.spyOn(console, 'log').mockReturnValue();
    platformResponds(endpoint, codeResponse);

    await run(block);

    const promised = /console\.log\(code\); \/\/ (.+)/.exec(block.code)?.[1];
    const printed = log.mock.calls.map(([value]) => inspect(value, { breakLength: 1_000 }));
    expect(printed).toEqual([promised?.replace(/\d{4}-…/, ISSUED_EXPIRY)]);
  });
});

describe('the login handler', () => {
  const block = blockOf('A login that never depends on Sentiance');

  test('gives the app its code', async () => {
    platformResponds(endpoint, codeResponse);
    const { afterLogin } = await run(block);

    await expect(afterLogin?.('user-1001')).resolves.toMatchObject({
      sentiance: { authenticationCode: ISSUED_CODE },
    });
  });

  test.each([
    ['wakes somebody', 401, [['ALERT', expect.stringContaining('refused the API key')]]],
    ['wakes nobody', 503, []],
  ])('goes on without a code and %s when the platform responds %i', async (_, status, alerts) => {
    vi.spyOn(Math, 'random').mockReturnValue(0); // No time passes between retries.
    const log = vi.spyOn(console, 'error').mockReturnValue();
    platformResponds(endpoint, () => statusResponse(status));
    const { afterLogin } = await run(block);

    await expect(afterLogin?.('user-1001')).resolves.toEqual({ sentiance: null });

    expect(log.mock.calls).toEqual([
      ['No Sentiance code', expect.stringContaining(`"status":${status}`)],
      ...alerts,
    ]);
  });

  test('fails at boot when there is no key', async () => {
    vi.stubEnv('SENTIANCE_USER_LINK_API_KEY', undefined);

    await expect(run(block)).rejects.toMatchObject({
      code: 'invalid_configuration',
      message: expect.stringMatching(/^apiKey is missing\./),
    });
  });
});
