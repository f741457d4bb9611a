/** The licences of the packages whose code ends up in the bundle, as those licences ask. */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { EsbuildPlugin } from './esbuild-plugin.js';

const INTRODUCTION =
  'This package contains code of the packages below, each under its own licence.';
const RULE = '-'.repeat(80);

/** What is read here of esbuild's account of a build. */
interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

/**
 * Writes the notices to `file`, and fails the build when a bundled package has no licence file.
 *
 * tsup runs one build for each format; the notices are those of all of them together.
 */
export function thirdPartyNotices(file: string): EsbuildPlugin {
  const bundled = new Set<string>();
  return {
    name: 'third-party-notices',
    setup(build) {
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return; // The build failed before there was a bundle.
        for (const folder of bundledPackages(metafile)) bundled.add(folder);
        const notices = [...bundled].map(notice).sort();
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, `${[INTRODUCTION, ...notices].join('\n\n')}\n`);
      });
    },
  };
}

/** Folders of the packages that have code in an output; what was tree-shaken away has none. */
function bundledPackages(metafile: Metafile): string[] {
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => packageFolder(path) ?? []);
}

function packageFolder(path: string): string | undefined {
  // Greedy: a package inside another's node_modules counts as itself.
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

interface PackageJson {
  name: string;
  version: string;
  license: string;
}

function notice(folder: string): string {
  const json = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license }: PackageJson = JSON.parse(json);
  const texts = readdirSync(folder)
    .filter((entry) => /^(licen[cs]e|copying)\b/i.test(entry))
    .sort()
    .map((entry) => readFileSync(join(folder, entry), 'utf8').trim());
  if (texts.length === 0) throw new Error(`${name} ${version} is bundled but has no licence file`);
  return [RULE, `${name} ${version} (${license})`, ...texts].join('\n\n');
}
