/** The licences of the packages whose code ends up in the bundle, as those licences ask. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type BundledPackage, bundledPackagesPlugin } from './bundled-packages.js';
import type { EsbuildPlugin } from './esbuild-plugin.js';

const INTRODUCTION =
  'This package contains code of the packages below, each under its own licence.';
const RULE = '-'.repeat(80);

/** Writes the notices to `file`, and fails the build when a bundled package has no licence file. */
export function thirdPartyNotices(file: string): EsbuildPlugin {
  return bundledPackagesPlugin('third-party-notices', (packages) => {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${[INTRODUCTION, ...packages.map(notice)].join('\n\n')}\n`);
  });
}

function notice({ name, version, license, folder }: BundledPackage): string {
  const texts = readdirSync(folder)
    .filter((entry) => /^(licen[cs]e|copying)\b/i.test(entry))
    .sort()
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  if (texts.length === 0) throw new Error(`${name} ${version} is bundled but has no licence file`);
  return [RULE, `${name} ${version} (${license})`, ...texts].join('\n\n');
}
