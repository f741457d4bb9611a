import { defineConfig } from 'vitest/config';

/** Tests of the package as it is published: packed, installed, and used by its name. */
export default defineConfig({
  test: {
    include: ['test/package/**/*.test.ts'],
    globalSetup: 'test/package/install-tarball.ts',
    testTimeout: 30_000,
    restoreMocks: true,
  },
});
