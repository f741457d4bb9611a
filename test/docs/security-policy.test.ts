/** SECURITY.md promises nothing that no test holds. */
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { codeSpans, parseMarkdown, sectionCalled, tableRows } from '../support/markdown.js';

const ROOT = new URL('../../', import.meta.url);
const read = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');

const policy = parseMarkdown(read('SECURITY.md'));
const promises = sectionCalled('What is promised, and the tests that hold it', policy);

/** The titles of tests that a text names, each with the file that stands before them. */
function namedTests(text: string): { file: string; title: string }[] {
  let file: string | undefined;
  return codeSpans(text).flatMap((span) => {
    if (!span.startsWith('test/')) return file ? [{ file, title: span }] : [];
    file = span.endsWith('.test.ts') ? span : undefined;
    return [];
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
      const isHeld = namedTests(heldBy).length > 0 || /`test\/ecosystem\/\S+`, run by/.test(heldBy);
      expect(isHeld, promise).toBe(true);
    }
  });

  test.each(cells.flatMap(namedTests))(
    'names a test that exists: $file, $title',
    ({ file, title }) => {
      expect(titlesIn(file)).toContain(title);
    },
  );

  test('names files that exist', () => {
    const files = codeSpans(read('SECURITY.md')).filter((span) => span.startsWith('test/'));

    expect(files.length).toBeGreaterThan(10);
    for (const file of files) expect(read(file)).not.toBe('');
  });
});
