/** A folder of the examples as it is: short, and with all that it needs. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import type { Check } from '../shared/run-matrix.js';
import { takeSteps } from './steps.js';

const EXAMPLES = fileURLToPath(new URL('../../../examples', import.meta.url));
const LIBRARY = new URL('../../../package.json', import.meta.url);
/** What is there after a build or an install by hand. */
const MADE = /(^|[\\/])(node_modules|dist|\.next|next-env\.d\.ts|package-lock\.json)([\\/]|$)/;

export interface Manifest {
  version?: string;
  bin?: Readonly<Record<string, string>>;
  scripts?: Readonly<Record<string, string>>;
  dependencies?: Readonly<Record<string, string>>;
  devDependencies?: Readonly<Record<string, string>>;
}

export function readManifest(path: string | URL): Manifest {
  return JSON.parse(readFileSync(path, 'utf8'));
}

export function exampleFolder(name: string): string {
  return join(EXAMPLES, name);
}

/** Whether a file is part of the example, by its path in the examples. */
export function isSource(path: string): boolean {
  return !MADE.test(relative(EXAMPLES, path));
}

export function checkFolder(name: string): Promise<readonly Check[]> {
  const folder = exampleFolder(name);
  const manifest = readManifest(join(folder, 'package.json'));
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter(isSource);
  const modules = files.filter((file) => /\.[jt]s$/.test(file));
  const read = (file: string) => readFileSync(file, 'utf8');

  return takeSteps('folder', {
    'asks for this version of the package': () => {
      const { version } = readManifest(LIBRARY);
      assert.equal(manifest.dependencies?.['sentiance-user-link'], `^${version}`);
    },

    'pins everything else': () => {
      const { 'sentiance-user-link': _, ...others } = manifest.dependencies ?? {};
      const versions = Object.values({ ...others, ...manifest.devDependencies });
      assert.deepEqual(
        versions.filter((version) => !/^\d+\.\d+\.\d+$/.test(version)),
        [],
      );
    },

    'refers to nothing outside of itself': () => {
      const paths = files.flatMap((file) =>
        [...read(file).matchAll(/(?<=['"(])\.\.?(?:\/[^'")\s]*)?(?=['")])/g)].map(([path]) => ({
          file,
          path,
        })),
      );
      const outside = paths.filter(({ file, path }) =>
        relative(folder, resolve(dirname(file), path)).startsWith('..'),
      );
      assert.deepEqual(outside, []);
    },

    'lists every package that it imports': () => {
      const listed = { ...manifest.dependencies, ...manifest.devDependencies };
      const imported = modules
        .flatMap((file) => ts.preProcessFile(read(file), true, true).importedFiles)
        .map(({ fileName }) => fileName)
        .filter((specifier) => !specifier.startsWith('.') && !isBuiltin(specifier))
        .map((specifier) => /^(@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier);
      assert.ok(imported.includes('sentiance-user-link'));
      assert.deepEqual(
        imported.filter((name) => !(name in listed || `@types/${name}` in listed)),
        [],
      );
    },

    'has fewer than 150 lines of code': () => {
      const lines = modules
        .filter((file) => !/^users\.|\.(test|spec)\./.test(basename(file)))
        .flatMap((file) =>
          read(file)
            .replace(/^import [^;]*;$/gm, '')
            .split('\n'),
        )
        .filter((line) => line.trim() !== '');
      assert.ok(lines.length > 0 && lines.length < 150, `it has ${lines.length}`);
    },

    'tells in its README how it is started, asked and tested': () => {
      const readme = read(join(folder, 'README.md'));
      for (const command of [
        'npx sentiance-user-link emulator',
        'npm install',
        'npm start',
        'curl ',
        'npm test',
      ]) {
        assert.ok(readme.includes(command), `it says no '${command}'`);
      }
      const scripts = [...readme.matchAll(/npm run (\w+)/g)].map(([, script]) => script ?? '');
      assert.deepEqual(
        scripts.filter((script) => manifest.scripts?.[script] === undefined),
        [],
      );
    },
  });
}
