/** The random tests, against the built package. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Wherever a test lies that takes its cases at random. */
const randomTests = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join('test', file))
  .filter((file) => readFileSync(join(ROOT, file), 'utf8').includes('support/random-cases.js'));

export default defineConfig({
  root: ROOT,
  resolve: {
    alias: [{ find: /^(\.\.\/)+src\/index\.js$/, replacement: join(ROOT, 'dist/index.js') }],
  },
  test: {
    include: randomTests,
    unstubEnvs: true,
    unstubGlobals: true,
    restoreMocks: true,
    reporters: ['verbose'],
  },
});
