import { defineConfig, type Options } from 'tsup';
import { billOfMaterials } from './scripts/bill-of-materials.js';
import { ownSourceMaps } from './scripts/own-source-maps.js';
import { pageTexts } from './scripts/page-texts.js';
import { thirdPartyNotices } from './scripts/third-party-notices.js';

const shared = {
  target: 'node20.19',
  platform: 'neutral',
  // Entry points reach each other by the package's name, so that there is one copy of each class.
  external: [/^sentiance-user-link(\/|$)/, /^node:/],
  removeNodeProtocol: false,
  // graphql asks for it as it is loaded, which Deno refuses without a permission to read variables.
  define: { 'process.env.NODE_ENV': '"production"' },
  splitting: false,
  // Not minified: that saves 0.7 ms of a process's start and 12 kB of download, but a stack trace in
  // somebody's log then names no line that can be read.
  minify: false,
  sourcemap: true,
} satisfies Options;

export default defineConfig([
  {
    ...shared,
    entry: {
      index: 'src/index.ts',
      'testing/index': 'src/testing/index.ts',
      'testing/msw': 'src/testing/msw.ts',
    },
    format: ['esm', 'cjs'],
    clean: true,
    esbuildPlugins: [
      ownSourceMaps(),
      pageTexts(),
      thirdPartyNotices('dist/THIRD_PARTY_NOTICES'),
      billOfMaterials('dist/sbom.cdx.json'),
    ],
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
  },
  {
    ...shared,
    entry: { bin: 'src/cli/bin.ts' },
    format: ['esm'],
  },
]);
