/** The code in README and docs compiles. What it does is tested beside this file, page by page. */
import { describe, expect, test } from 'vitest';
import { compile } from '../support/code-blocks.js';
import { sectionsOf, USER_PAGES } from '../support/pages.js';

/** What is done with a block, by its language. */
const LANGUAGES: Readonly<Record<string, 'compile' | 'leave'>> = {
  ts: 'compile',
  js: 'compile',
  sh: 'leave',
  text: 'leave',
  mermaid: 'leave',
};

describe.each(USER_PAGES)('%s', (path) => {
  const blocks = sectionsOf(path).flatMap(({ codeBlocks }) => codeBlocks);

  test('has no block in a language that this test does not know', () => {
    const unknown = blocks.filter(({ language }) => LANGUAGES[language] === undefined);

    expect(unknown).toEqual([]);
  });

  test('has code that compiles', { timeout: 60_000 }, () => {
    const compiled = blocks.filter(({ language }) => LANGUAGES[language] === 'compile');

    expect(compile(compiled)).toEqual([]);
  });
});
