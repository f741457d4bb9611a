import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { describe, expect, inject, test } from 'vitest';
import { runInConsumer } from './run-in-consumer.js';

const nodeModules = join(inject('consumer'), 'node_modules');
const installed = join(nodeModules, 'sentiance-user-link');

function read(file: string): string {
  return readFileSync(join(installed, file), 'utf8');
}

const files = readdirSync(installed, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
  .sort();
/** The pages and the examples: what is committed, and nothing that lies there besides. */
const committed = execFileSync('git', ['ls-files', 'docs', 'examples'], {
  cwd: fileURLToPath(new URL('../..', import.meta.url)),
  encoding: 'utf8',
})
  .trim()
  .split('\n')
  // npm packs no .gitignore, and the demo needs the source.
  .filter((file) => !file.endsWith('/.gitignore') && file !== 'examples/demo.ts');
const codeFiles = files.filter((file) => /\.c?js$/.test(file));
const declarations = files.filter((file) => /\.d\.c?ts$/.test(file));
const sourceMaps = files.filter((file) => file.endsWith('.map'));

function entryPoint(name: string): string[] {
  return ['cjs', 'cjs.map', 'd.cts', 'd.ts', 'js', 'js.map'].map((end) => `dist/${name}.${end}`);
}

describe('the package', () => {
  test('holds these files and no others', () => {
    const expected = [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'dist/THIRD_PARTY_NOTICES',
      'dist/bin.js',
      'dist/bin.js.map',
      ...entryPoint('index'),
      'dist/sbom.cdx.json',
      ...entryPoint('testing/index'),
      ...entryPoint('testing/msw'),
      ...committed,
      'package.json',
    ];

    expect(files).toEqual(expected.sort());
  });

  test('brings no other package along', () => {
    const packages = readdirSync(nodeModules).filter((entry) => !entry.startsWith('.'));

    expect(packages).toEqual(['sentiance-user-link']);
  });

  test.each(['dependencies', 'optionalDependencies', 'bundleDependencies'])(
    'declares no %s',
    (field) => {
      expect(JSON.parse(read('package.json'))).not.toHaveProperty(field);
    },
  );

  test('asks for msw only where it is used', () => {
    expect(JSON.parse(read('package.json'))).toMatchObject({
      peerDependencies: { msw: '^2.11.0 || ^3.0.0' },
      peerDependenciesMeta: { msw: { optional: true } },
    });
  });

  test('has no install script', () => {
    const { scripts } = JSON.parse(read('package.json'));

    expect(Object.keys(scripts)).not.toContain('preinstall');
    expect(Object.keys(scripts)).not.toContain('install');
    expect(Object.keys(scripts)).not.toContain('postinstall');
  });

  test.each(files)('says nothing of the machine that built it: %s', (file) => {
    expect(read(file).includes(process.cwd())).toBe(false);
  });
});

describe('the code', () => {
  const node = /^node:/;
  const own = /^sentiance-user-link$/;
  const ownTesting = /^sentiance-user-link\/testing$/;

  test.each([
    ['dist/index', []],
    ['dist/testing/index', [own, node]],
    ['dist/testing/msw', [own, ownTesting, /^msw$/]],
    ['dist/bin', [own, ownTesting, node]],
  ])('imports no more than it may: %s', (entry, allowed) => {
    const ofEntry = [...codeFiles, ...declarations].filter((file) =>
      new RegExp(`^${entry}\\.(d\\.)?c?[jt]s$`).test(file),
    );

    expect(ofEntry.length).toBeGreaterThan(0);
    for (const imported of ofEntry.flatMap(references)) {
      expect(
        allowed.some((pattern) => pattern.test(imported)),
        imported,
      ).toBe(true);
    }
  });

  test.each(['index', 'testing/index', 'testing/msw'])(
    'declares the same for import and for require: %s',
    (entry) => {
      expect(read(`dist/${entry}.d.cts`)).toBe(read(`dist/${entry}.d.ts`));
    },
  );
});

/** Whatever a file imports, requires or refers to, types included. */
function references(file: string): string[] {
  const found = ts.preProcessFile(read(file), true, true);
  return [
    ...found.importedFiles,
    ...found.referencedFiles,
    ...found.typeReferenceDirectives,
    ...found.libReferenceDirectives,
  ].map((reference) => reference.fileName);
}

describe('a source map', () => {
  test.each(sourceMaps)('brings every source that it names, and names only ours: %s', (file) => {
    const { sources, sourcesContent } = JSON.parse(read(file));
    const ours = /^(\.\.\/)+(src\/.+\.ts|package\.json)$/;

    expect(sources.length).toBeGreaterThan(0);
    expect(sources.filter((source: string) => !ours.test(source))).toEqual([]);
    expect(sourcesContent).toEqual(sources.map(() => expect.any(String)));
  });

  test("leads a stack trace to the source's line", async () => {
    const failure = runInConsumer('--enable-source-maps', 'misuse.mjs');

    const trace = expect.stringMatching(
      /throw .+\n(.*\n)*SentianceConfigurationError: timeout must .+\n +at \w+ \(.+\/src\/config\/limits\.ts:\d+:\d+\)/,
    );
    await expect(failure).rejects.toMatchObject({ code: 1, stderr: trace });
  });
});

describe('the notices', () => {
  const notices = read('dist/THIRD_PARTY_NOTICES');
  const titles = notices.match(/^\S+ \S+ \(.+\)$/gm);

  test('name the packages whose code is in the bundle, with version and licence', () => {
    expect(titles).toEqual(
      ['graphql', 'ky', 'zod'].map((name) => `${name} ${version(name)} (MIT)`),
    );
  });

  test.each(['graphql/LICENSE', 'ky/license', 'zod/LICENSE'])('quote %s in full', (file) => {
    expect(notices).toContain(readFileSync(`node_modules/${file}`, 'utf8').trim());
  });

  function version(name: string): string {
    return JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8')).version;
  }
});
