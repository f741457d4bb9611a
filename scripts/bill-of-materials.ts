/** What the bundle is made of, for those who watch for packages with known flaws. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  type BundledPackage,
  bundledPackagesPlugin,
  type PackageJson,
} from './bundled-packages.js';
import type { EsbuildPlugin } from './esbuild-plugin.js';

/**
 * Writes a CycloneDX bill of materials to `file`: this package and those that are bundled into it.
 *
 * It has neither a serial number nor a time, which CycloneDX leaves open: two builds of the same
 * source are to be the same, byte for byte.
 *
 * @see https://cyclonedx.org/docs/1.6/json/
 */
export function billOfMaterials(file: string): EsbuildPlugin {
  return bundledPackagesPlugin('bill-of-materials', (packages) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(describe(packages), null, 2)}\n`);
  });
}

function describe(packages: readonly BundledPackage[]) {
  const own: PackageJson = JSON.parse(readFileSync('package.json', 'utf8'));
  const bundled = packages.map(purl);
  return {
    $schema: 'http://cyclonedx.org/schema/bom-1.6.schema.json',
    bomFormat: 'CycloneDX',
    specVersion: '1.6',
    version: 1,
    metadata: { lifecycles: [{ phase: 'build' }], component: component(own) },
    components: packages.map((each) => ({ ...component(each), ...hashes(each) })),
    dependencies: [{ ref: purl(own), dependsOn: bundled }, ...bundled.map((ref) => ({ ref }))],
  };
}

function component(described: PackageJson) {
  const { name, version, license } = described;
  const isExpression = /[\s()]/.test(license);
  return {
    type: 'library',
    'bom-ref': purl(described),
    name,
    version,
    licenses: [isExpression ? { expression: license } : { license: { id: license } }],
    purl: purl(described),
  };
}

/** The package's name as other tools write it: https://github.com/package-url/purl-spec. */
function purl({ name, version }: PackageJson): string {
  return `pkg:npm/${name.replace('@', '%40')}@${encodeURIComponent(version)}`;
}

/** The hash of the published package, which npm compared when it was installed. */
function hashes({ folder }: BundledPackage) {
  const [algorithm, base64] = integrityOf(folder)?.split('-') ?? [];
  if (algorithm !== 'sha512' || base64 === undefined) return {};
  return { hashes: [{ alg: 'SHA-512', content: Buffer.from(base64, 'base64').toString('hex') }] };
}

interface LockFile {
  packages: Record<string, { integrity?: string }>;
}

function integrityOf(folder: string): string | undefined {
  const start = folder.indexOf('node_modules/');
  const file = `${folder.slice(0, start)}package-lock.json`;
  if (!existsSync(file)) return undefined;
  const { packages }: LockFile = JSON.parse(readFileSync(file, 'utf8'));
  return packages[folder.slice(start)]?.integrity;
}
