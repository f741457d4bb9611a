import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { expect, inject, test } from 'vitest';
import { version } from '../../package.json';
import { packages as locked } from '../../package-lock.json';
import { billOfMaterials } from '../../scripts/bill-of-materials.js';
import { FixtureBundle } from './fixture-bundle.js';

const published = readFileSync(
  join(inject('consumer'), 'node_modules/sentiance-user-link/dist/sbom.cdx.json'),
  'utf8',
);

/** What the official schema of CycloneDX 1.6 has to say against a bill; `null` when nothing. */
function flawsOf(bill: string) {
  return new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(bill);
}

test('names the package and what is bundled into it, with the hashes that npm checked', () => {
  const bundled = ['graphql', 'ky', 'zod'] as const;
  const component = (name: string, ofVersion: string) => ({
    type: 'library',
    'bom-ref': `pkg:npm/${name}@${ofVersion}`,
    name,
    version: ofVersion,
    licenses: [{ license: { id: 'MIT' } }],
    purl: `pkg:npm/${name}@${ofVersion}`,
  });
  const sha512 = (integrity: string) =>
    Buffer.from(integrity.replace('sha512-', ''), 'base64').toString('hex');

  const { metadata, components, dependencies } = JSON.parse(published);

  expect(metadata.component).toEqual(component('sentiance-user-link', version));
  expect(components).toEqual(
    bundled.map((name) => {
      const { version: installed, integrity } = locked[`node_modules/${name}`];
      const hashes = [{ alg: 'SHA-512', content: sha512(integrity) }];
      return { ...component(name, installed), hashes };
    }),
  );
  expect(dependencies[0]).toEqual({
    ref: `pkg:npm/sentiance-user-link@${version}`,
    dependsOn: components.map(({ purl }: { purl: string }) => purl),
  });
});

test('is valid by the official schema of CycloneDX 1.6', async () => {
  expect(await flawsOf(published)).toBeNull();
  expect(await flawsOf(published.replace('"MIT"', '"Mine"'))).not.toBeNull();
});

test('says what the notices say', () => {
  const notices = readFileSync(
    join(inject('consumer'), 'node_modules/sentiance-user-link/dist/THIRD_PARTY_NOTICES'),
    'utf8',
  );
  const { components } = JSON.parse(published);

  expect(notices.match(/^\S+ \S+ \(.+\)$/gm)).toEqual(
    components.map(
      ({ name, version, licenses: [{ license }] }: Component) =>
        `${name} ${version} (${license.id})`,
    ),
  );
});

interface Component {
  name: string;
  version: string;
  licenses: [{ license: { id: string } }];
}

test('takes packages with a scope, a licence of two, and no lock file', async () => {
  const bundle = new FixtureBundle();
  bundle.addPackage({ name: '@scope/ape', licence: '(MIT OR Apache-2.0)' });

  const bill = await bundle.build(`export * from '@scope/ape';`, billOfMaterials);

  expect(JSON.parse(bill).components).toEqual([
    {
      type: 'library',
      'bom-ref': 'pkg:npm/%40scope/ape@1.2.3',
      name: '@scope/ape',
      version: '1.2.3',
      licenses: [{ expression: '(MIT OR Apache-2.0)' }],
      purl: 'pkg:npm/%40scope/ape@1.2.3',
    },
  ]);
  expect(await flawsOf(bill)).toBeNull();
});

test('takes the hash from the lock file, for a package inside another too', async () => {
  const bundle = new FixtureBundle();
  const digest = createHash('sha512').update('inner');
  const integrity = `sha512-${digest.copy().digest('base64')}`;
  bundle.addPackage({ name: 'inner', inside: 'outer' });
  bundle.addPackage({ name: 'outer', code: `export { it } from 'inner';` });
  bundle.write(
    'package-lock.json',
    JSON.stringify({ packages: { 'node_modules/outer/node_modules/inner': { integrity } } }),
  );

  const bill = await bundle.build(`export * from 'outer';`, billOfMaterials);

  expect(JSON.parse(bill).components).toMatchObject([
    { name: 'inner', hashes: [{ alg: 'SHA-512', content: digest.digest('hex') }] },
  ]);
});
