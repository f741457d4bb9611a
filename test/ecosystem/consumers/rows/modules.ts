/** ESM, CommonJS and both in one process; what an installation leaves. */
import type { ConsumerRow } from '../row.js';

export const MODULES: readonly ConsumerRow[] = [
  {
    name: 'commonjs',
    what: 'require() of the library and of its testing entry',
    install: {},
    project: ['commonjs'],
  },
  {
    name: 'esm',
    what: 'import of the library and of its testing entry',
    install: {},
    project: ['esm'],
  },
  {
    name: 'both-copies',
    what: 'import and require() in one process: errors are recognised across the copies',
    install: {},
    project: ['recognition', 'both-copies'],
  },
  {
    name: 'two-versions',
    what: 'two installed versions in one process: errors are recognised across them',
    install: 'two-versions',
    project: ['recognition', 'two-versions'],
  },
  {
    name: 'command-line',
    what: 'npx sentiance-user-link --version',
    install: {},
    project: ['command-line'],
  },
  {
    name: 'production',
    what: 'npm install --omit=dev leaves one package',
    install: 'production',
    project: ['production'],
  },
];
