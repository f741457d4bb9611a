/** The random tests, against the built package. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  root: fileURLToPath(new URL('../..', import.meta.url)),
  resolve: {
    alias: [
      {
        find: /^(\.\.\/)+src\/index\.js$/,
        replacement: fileURLToPath(new URL('../../dist/index.js', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['test/**/{properties,many-calls}.test.ts'],
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    reporters: ['verbose'],
  },
});
