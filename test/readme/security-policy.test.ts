/** SECURITY.md promises nothing that no test holds, and README shows how a key is replaced. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test, vi } from 'vitest';
import { scripts } from '../../package.json';
import { SentianceUserLinkClient } from '../../src/index.js';
import { run } from '../support/code-blocks.js';
import { codeResponse, respondInTurn } from '../support/in-memory-fetch.js';
import {
  codeSpans,
  linkTargets,
  parseMarkdown,
  sectionCalled,
  tableRows,
} from '../support/markdown.js';

const ROOT = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');

const policy = parseMarkdown(read('SECURITY.md'));
const promises = sectionCalled('What is promised, and the tests that hold it', policy);

/** The titles of tests that a text names, each with the file that it links to before them. */
function namedTests(text: string): { file: string; title: string }[] {
  return text.split(/(?=\[[^\]]+\]\()/).flatMap((part) => {
    const [file] = linkTargets({ text: part });
    return file?.endsWith('.test.ts') ? codeSpans(part).map((title) => ({ file, title })) : [];
  });
}

/** The titles in a test file, of tests and of groups of tests that are not skipped. */
function titlesIn(file: string): string[] {
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && declaresTests(node.expression)) {
      const [title] = node.arguments;
      if (title && ts.isStringLiteralLike(title)) titles.push(title.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.ESNext));
  return titles;
}

/** `test`, `describe`, and what they give for a table, side by side or not: `test.each(rows)`. */
function declaresTests(callee: ts.Expression): boolean {
  if (ts.isIdentifier(callee)) return ['describe', 'test'].includes(callee.text);
  if (ts.isPropertyAccessExpression(callee)) {
    return callee.name.text === 'concurrent' && declaresTests(callee.expression);
  }
  if (!ts.isCallExpression(callee)) return false;
  const { expression } = callee;
  if (!ts.isPropertyAccessExpression(expression)) return false;
  return expression.name.text === 'each' && declaresTests(expression.expression);
}

describe('SECURITY.md', () => {
  const cells = policy.flatMap(({ text }) => text.split(/[|\n]/));

  test('says of every promise what holds it', () => {
    const rows = tableRows(promises);

    expect(rows.length).toBeGreaterThan(10);
    for (const [promise, heldBy = ''] of rows) {
      const isHeld =
        namedTests(heldBy).length > 0 || /\(test\/ecosystem\/\S+\), run by/.test(heldBy);
      expect(isHeld, promise).toBe(true);
    }
  });

  test.each(cells.flatMap(namedTests))(
    'names a test that exists: $file, $title',
    ({ file, title }) => {
      expect(titlesIn(file)).toContain(title);
    },
  );

  test('links to files that exist, and names scripts that do', () => {
    for (const target of policy.flatMap(linkTargets)) expect(read(target)).not.toBe('');
    for (const [, script] of read('SECURITY.md').matchAll(/npm run ([\w:-]+)/g)) {
      expect(Object.keys(scripts)).toContain(script);
    }
  });
});

test('README replaces a key between two calls', async () => {
  const [block] = sectionCalled('Replacing a key', parseMarkdown(read('README.md'))).codeBlocks;
  if (block === undefined) throw new Error('README shows no way to replace a key.');
  const keys = ['the-old-key\n', 'the-new-key\n'];
  const fetch = respondInTurn(codeResponse(), codeResponse());
  vi.stubGlobal('fetch', fetch);

  const { client }: Record<string, unknown> = await run(block, {
    'node:fs/promises': { readFile: async () => keys.shift() },
  });
  if (!(client instanceof SentianceUserLinkClient)) throw new Error('README exports no client.');
  await client.createAuthenticationCode('user-1001');
  await client.createAuthenticationCode('user-1001');

  const sent = fetch.mock.calls.map(([, init]) => new Headers(init.headers).get('authorization'));
  expect(sent).toEqual(['Bearer the-old-key', 'Bearer the-new-key']);
});
