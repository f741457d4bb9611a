/** Bundles the files of the emulator's page as texts: the package holds none of them as a file. */
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { EsbuildPlugin } from './esbuild-plugin.js';

export function pageTexts(): EsbuildPlugin {
  return {
    name: 'page-texts',
    setup(build) {
      build.onLoad({ filter: /[\\/]emulator[\\/]page[\\/]read-text\.ts$/ }, async ({ path }) => {
        const texts = await textsIn(dirname(path));
        return {
          contents: `const texts = ${JSON.stringify(texts)};\nexport const readText = (name) => texts[name];\n`,
          loader: 'js',
        };
      });
    },
  };
}

async function textsIn(folder: string): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => !name.endsWith('.ts')).sort();
  const entries = names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')]);
  return Object.fromEntries(await Promise.all(entries));
}
