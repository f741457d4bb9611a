import { beforeEach, expect, test, vi } from 'vitest';
import { thirdPartyNotices } from '../../scripts/third-party-notices.js';
import { FixtureBundle } from './fixture-bundle.js';

let bundle: FixtureBundle;

beforeEach(() => {
  bundle = new FixtureBundle();
});

/** Bundles `code` and gives the notices of what got into the bundle. */
function noticesOf(code: string): Promise<string> {
  return bundle.build(code, thirdPartyNotices);
}

test('quotes the licence of each bundled package, in the order of their names', async () => {
  bundle.addPackage({ name: 'zebra', licenceFile: 'LICENSE' });
  bundle.addPackage({ name: '@scope/ape', licenceFile: 'licence.md' });

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
  bundle.addPackage({ name: 'inner', licenceFile: 'LICENSE', inside: 'outer' });
  bundle.addPackage({ name: 'outer', licenceFile: 'LICENSE', code: `export { it } from 'inner';` });

  const notices = await noticesOf(`export * from 'outer';`);

  expect(notices).toContain('The licence of inner.');
  expect(notices).not.toContain('outer');
});

test('leaves out a package of which nothing stays in the bundle', async () => {
  bundle.addPackage({ name: 'used', licenceFile: 'LICENSE' });
  bundle.addPackage({ name: 'unused', licenceFile: 'LICENSE' });

  const notices = await noticesOf(`import { it } from 'unused'; export * from 'used';`);

  expect(notices).toContain('used 1.2.3 (MIT)');
  expect(notices).not.toContain('unused');
});

test('fails the build when a bundled package has no licence file', async () => {
  bundle.addPackage({ name: 'lawless' });
  vi.spyOn(console, 'error').mockReturnValue(); // tsup says that the build failed.

  await expect(noticesOf(`export * from 'lawless';`)).rejects.toThrow(
    'lawless 1.2.3 is bundled but has no licence file',
  );
});
