/** Which packages have code in the bundle, as esbuild's account of a build says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { EsbuildPlugin } from './esbuild-plugin.js';

/** What is read here of that account. */
interface Metafile {
  outputs: Record<string, { inputs: Record<string, { bytesInOutput: number }> }>;
}

/** What is read here of a package's own `package.json`. */
export interface PackageJson {
  name: string;
  version: string;
  license: string;
}

export interface BundledPackage extends PackageJson {
  folder: string;
}

/**
 * Calls `write` with the packages after each build, in the order of their names.
 *
 * tsup runs one build for each format; the packages are those of all of them together.
 */
export function bundledPackagesPlugin(
  name: string,
  write: (packages: readonly BundledPackage[]) => void,
): EsbuildPlugin {
  const folders = new Set<string>();
  return {
    name,
    setup(build) {
      build.onEnd(({ metafile }) => {
        if (metafile === undefined) return; // The build failed before there was a bundle.
        for (const folder of packageFolders(metafile)) folders.add(folder);
        write([...folders].map(readPackage).sort(byNameAndVersion));
      });
    },
  };
}

/** Folders of the packages that have code in an output; what was tree-shaken away has none. */
function packageFolders(metafile: Metafile): string[] {
  return Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => packageFolder(path) ?? []);
}

function packageFolder(path: string): string | undefined {
  // Greedy: a package inside another's node_modules counts as itself.
  return /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0];
}

function readPackage(folder: string): BundledPackage {
  const json = readFileSync(join(folder, 'package.json'), 'utf8');
  const { name, version, license }: PackageJson = JSON.parse(json);
  return { name, version, license, folder };
}

function byNameAndVersion(a: PackageJson, b: PackageJson): number {
  const [one, other] = [a, b].map(({ name, version }) => `${name} ${version}`);
  return String(one) < String(other) ? -1 : 1;
}
