import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify, stripVTControlCharacters } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

/** What TypeDoc makes of the docstrings; a description that is missing is an error (typedoc.json). */
async function generate(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'api-docs-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const typedoc = join(ROOT, 'node_modules/typedoc/bin/typedoc');
  // A failure says it: what has no description stands in its output.
  await promisify(execFile)(process.execPath, [typedoc, '--out', folder], { cwd: ROOT }).catch(
    ({ stdout, stderr }) => {
      throw new Error(stripVTControlCharacters(`${stdout}${stderr}`));
    },
  );
  return folder;
}

async function pagesIn(folder: string): Promise<Record<string, string>> {
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md'));
  const entries = files.sort().map(async (name) => {
    const text = await readFile(join(folder, name), 'utf8');
    return [name.replaceAll('\\', '/'), text];
  });
  return Object.fromEntries(await Promise.all(entries));
}

test('docs/api describes everything that is exported, as the docstrings do today (else: npm run docs:api)', {
  timeout: 60_000,
}, async () => {
  const [generated, committed] = await Promise.all([
    generate().then(pagesIn),
    pagesIn(join(ROOT, 'docs/api')),
  ]);

  expect(committed).toEqual(generated);
});

test('docs/api has one page for each entry point, and links that lead somewhere', async () => {
  const pages = await pagesIn(join(ROOT, 'docs/api'));

  expect(Object.keys(pages)).toEqual([
    'README.md',
    'sentiance-user-link.md',
    'sentiance-user-link/testing.md',
    'sentiance-user-link/testing/msw.md',
  ]);
  for (const [name, text] of Object.entries(pages)) {
    for (const [, link = ''] of text.matchAll(/\]\((?!https:)([^)#\s]+)/g)) {
      const target = new URL(link, `file:///${name}`).pathname.slice(1);
      expect(Object.keys(pages), `${name} links to ${link}`).toContain(target);
    }
  }
});
