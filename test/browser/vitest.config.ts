import { defineConfig } from 'vitest/config';
import main from '../../vitest.config.js';

/** Tests of the emulator's page in a real Chromium: `npm run test:browser`. */
export default defineConfig({
  resolve: main.resolve ?? {},
  test: {
    include: ['test/browser/**/*.test.ts'],
    globalSetup: 'test/browser/support/start-chromium.ts',
    testTimeout: 30_000,
    restoreMocks: true,
  },
});
