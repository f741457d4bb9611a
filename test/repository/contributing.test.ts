/** CONTRIBUTING.md names what there is, and leaves no folder and no script out. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { engines, scripts } from '../../package.json';
import nodeVersions from '../ecosystem/runtimes/node-versions.json';
import { codeSpans, tableRows } from '../support/markdown.js';
import { ROOT, sectionOf } from '../support/pages.js';

const PAGE = 'CONTRIBUTING.md';
const TEXT = readFileSync(new URL(PAGE, ROOT), 'utf8');

/** What stands in backticks anywhere. */
const SPANS = [...TEXT.matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);

function foldersIn(folder: string): string[] {
  return readdirSync(new URL(folder, ROOT), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `${folder}${name}/`);
}

describe('the map', () => {
  const mapped = tableRows(sectionOf(PAGE, 'Where things are')).flatMap(([folders = '']) =>
    codeSpans(folders),
  );

  test('has every folder of source and of tests, and no other', () => {
    const folders = [...foldersIn('src/'), ...foldersIn('test/')];

    expect(mapped).toEqual(expect.arrayContaining(folders));
    expect(mapped.filter((folder) => !existsSync(new URL(folder, ROOT)))).toEqual([]);
  });
});

test('every file and folder that is named exists', () => {
  const paths = SPANS.filter((span) => /^[\w.-]+\/[\w./-]*$|^[\w-]+\.\w+$/.test(span));
  // `dist/` is built, and files of `src/` are named without it in the row on it.
  const missing = paths.filter(
    (path) =>
      path !== 'dist/' &&
      !['', 'src/', 'test/', '.github/workflows/'].some((folder) =>
        existsSync(new URL(folder + path, ROOT)),
      ),
  );

  expect(paths.length).toBeGreaterThan(30);
  expect(missing).toEqual([]);
});

test('every script is named, and every script that is named exists', () => {
  const commands = [...TEXT.matchAll(/npm (?:run ([\w:-]+)|(test)\b)/g)];
  const named = commands.map(([, script, npmTest]) => script ?? npmTest);
  const byNpm = ['prepack', 'prepublishOnly'].filter((name) => SPANS.includes(name));

  expect(new Set([...named, ...byNpm])).toEqual(new Set(Object.keys(scripts)));
});

test('the table of support has every Node that is supported, and the oldest', () => {
  const rows = tableRows(sectionOf(PAGE, 'Support')).map(([node]) => node);
  const [oldest = '', ...others] = rows;

  expect(`>=${oldest.split(' ')[0]}.0`).toBe(engines.node);
  const majors = Object.keys(nodeVersions).filter((version) => !version.includes('.'));
  expect([oldest.split('.')[0], ...others]).toEqual(majors);
});
