/** Whatever a page links to is there: on GitHub for all of them, on npm for those that are packed. */
import { existsSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { files, scripts } from '../../package.json';
import { anchorOf, linkTargets } from '../support/markdown.js';
import { ROOT, readPage, sectionsOf, USER_PAGES } from '../support/pages.js';

const PAGES = [...USER_PAGES, 'CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md'];
/** npm packs these too, whatever `files` says. */
const PACKED = [...files, 'README.md', 'LICENSE'];

function isPacked(path: string): boolean {
  return PACKED.some((entry) => path === entry || path.startsWith(`${entry}/`));
}

describe.each(PAGES)('%s', (page) => {
  const targets = sectionsOf(page).flatMap(linkTargets);
  const inside = targets
    .filter((target) => !/^\w+:/.test(target))
    .map((target) => {
      const [path = '', anchor] = target.split('#');
      const file = path === '' ? page : posix.join(posix.dirname(page), path);
      return { target, file, anchor };
    });

  test('links to files that exist', () => {
    const missing = inside.filter(({ file }) => !existsSync(new URL(file, ROOT)));

    expect(missing).toEqual([]);
  });

  test('links to what the package brings along', () => {
    expect(isPacked(page)).toBe(true);
    expect(inside.filter(({ file }) => !isPacked(file))).toEqual([]);
  });

  test('links to headings that exist', () => {
    const lost = inside.filter(({ file, anchor }) => {
      if (anchor === undefined || !file.endsWith('.md')) return false;
      return !sectionsOf(file).map(anchorOf).includes(anchor);
    });

    expect(lost).toEqual([]);
  });

  test('links elsewhere over https, and to loopback', () => {
    const elsewhere = targets.filter((target) => /^\w+:/.test(target));

    expect(elsewhere.filter((target) => !/^https:|^http:\/\/127/.test(target))).toEqual([]);
  });

  test('names scripts that exist', () => {
    const commands = [...readPage(page).matchAll(/\bnpm (?:run ([\w:-]+)|(test)\b)/g)];
    const names = commands.map(([, script, test]) => script ?? test);

    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(names));
  });
});

test('every page of docs is linked from README', () => {
  const linked = sectionsOf('README.md').flatMap(linkTargets);

  expect(linked).toEqual(expect.arrayContaining(USER_PAGES.slice(1)));
});
