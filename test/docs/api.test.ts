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
  const anchors = Object.fromEntries(
    Object.entries(pages).map(([name, text]) => [name, anchorsIn(text)]),
  );
  for (const [name, text] of Object.entries(pages)) {
    for (const [, link = ''] of text.matchAll(/\]\((?!https:)([^)\s]+)/g)) {
      const { pathname, hash } = new URL(link, `file:///${name}`);
      const target = pathname.slice(1);
      expect(Object.keys(pages), `${name} links to ${link}`).toContain(target);
      if (hash === '') continue;
      expect(anchors[target], `${name} links to ${link}`).toContain(hash.slice(1));
    }
  }
});

/** As GitHub makes them of headings: those that are alike are numbered from the second on. */
function anchorsIn(text: string): string[] {
  const counts = new Map<string, number>();
  const ofHeadings = [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => {
    const slug = heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return [...ofHeadings, ...[...text.matchAll(/<a id="([^"]+)"/g)].map(([, id = '']) => id)];
}
