import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const source = (path: string) => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^sentiance-user-link$/, replacement: source('index.ts') },
      { find: /^sentiance-user-link\/testing$/, replacement: source('testing/index.ts') },
      { find: /^sentiance-user-link\/testing\/msw$/, replacement: source('testing/msw.ts') },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // They have runners of their own.
    exclude: ['test/browser/**', 'test/package/**', 'test/ecosystem/**', 'test/soak/**'],
    // Vitest leaves a core to others; of two, that is half of the time lost: most tests wait.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    setupFiles: ['test/support/load-ky.ts'],
    typecheck: { enabled: true, include: ['test/**/*.test-d.ts'] },
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    coverage: {
      include: ['src/**/*.ts'],
      // Run as a process of its own.
      exclude: ['src/cli/bin.ts'],
      reporter: ['text'],
      thresholds: { lines: 100, functions: 100, branches: 98 },
    },
  },
});
