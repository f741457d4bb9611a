import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { thirdPartyNotices } from '../../build/third-party-notices.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'notices-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

function write(file: string, text: string): void {
  mkdirSync(dirname(join(folder, file)), { recursive: true });
  writeFileSync(join(folder, file), text);
}

interface FixturePackage {
  name: string;
  licenceFile?: string;
  code?: string;
  /** The package whose own node_modules it is in. */
  inside?: string;
}

function addPackage({
  name,
  licenceFile,
  code = "export const it = () => 'it';",
  inside,
}: FixturePackage): void {
  const folder = join(inside === undefined ? '' : `node_modules/${inside}`, 'node_modules', name);
  const manifest = { name, version: '1.2.3', license: 'MIT', type: 'module' };
  write(`${folder}/package.json`, JSON.stringify({ ...manifest, exports: './main.js' }));
  write(`${folder}/main.js`, code);
  if (licenceFile !== undefined) write(`${folder}/${licenceFile}`, `The licence of ${name}.\n`);
}

/** Bundles `code` and gives the notices of what got into the bundle. */
async function noticesOf(code: string): Promise<string> {
  write('main.js', code);
  const notices = join(folder, 'dist/NOTICES');
  await build({
    config: false,
    silent: true,
    entry: [join(folder, 'main.js')],
    outDir: join(folder, 'dist'),
    format: 'esm',
    esbuildPlugins: [thirdPartyNotices(notices)],
  });
  return readFileSync(notices, 'utf8');
}

test('quotes the licence of each bundled package, in the order of their names', async () => {
  addPackage({ name: 'zebra', licenceFile: 'LICENSE' });
  addPackage({ name: '@scope/ape', licenceFile: 'licence.md' });

  const notices = await noticesOf(`export { it as a } from 'zebra'; export * from '@scope/ape';`);

  const rule = '-'.repeat(80);
  expect(notices).toBe(
    `This package contains code of the packages below, each under its own licence.

${rule}

@scope/ape 1.2.3 (MIT)

The licence of @scope/ape.

${rule}

zebra 1.2.3 (MIT)

The licence of zebra.
`,
  );
});

test('names a package that another package brings', async () => {
  addPackage({ name: 'inner', licenceFile: 'LICENSE', inside: 'outer' });
  addPackage({ name: 'outer', licenceFile: 'LICENSE', code: `export { it } from 'inner';` });

  const notices = await noticesOf(`export * from 'outer';`);

  expect(notices).toContain('The licence of inner.');
  expect(notices).not.toContain('outer');
});

test('leaves out a package of which nothing stays in the bundle', async () => {
  addPackage({ name: 'used', licenceFile: 'LICENSE' });
  addPackage({ name: 'unused', licenceFile: 'LICENSE' });

  const notices = await noticesOf(`import { it } from 'unused'; export * from 'used';`);

  expect(notices).toContain('used 1.2.3 (MIT)');
  expect(notices).not.toContain('unused');
});

test('fails the build when a bundled package has no licence file', async () => {
  addPackage({ name: 'lawless' });
  vi.spyOn(console, 'error').mockReturnValue(); // tsup says that the build failed.

  await expect(noticesOf(`export * from 'lawless';`)).rejects.toThrow(
    'lawless 1.2.3 is bundled but has no licence file',
  );
});
