/** Source maps of our own code alone: with the bundled packages they were six times as large. */
import { readFile } from 'node:fs/promises';
import type { EsbuildPlugin } from './esbuild-plugin.js';

/**
 * Keeps the bundled packages out of the source maps. Their frames in a stack trace name a line of
 * the bundle, which is not minified and reads as well as the original.
 */
export function ownSourceMaps(): EsbuildPlugin {
  return {
    name: 'own-source-maps',
    setup(build) {
      build.onLoad({ filter: /[\\/]node_modules[\\/].*\.m?js$/ }, async ({ path }) => ({
        contents: withoutOrigin(await readFile(path, 'utf8')),
        loader: 'js',
      }));
    },
  };
}

/**
 * esbuild follows a file's own source map, and maps no code of which that map says nothing. This
 * one speaks only of the line that it stands on; an empty one would be taken for none.
 */
function withoutOrigin(code: string): string {
  const lines = code.split('\n').length;
  const map = { version: 3, sources: [''], mappings: `${';'.repeat(lines)}AAAA` };
  const base64 = Buffer.from(JSON.stringify(map)).toString('base64');
  return `${code}\n//# sourceMappingURL=data:application/json;base64,${base64}`;
}
