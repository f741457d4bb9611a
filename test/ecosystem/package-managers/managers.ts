/** Package managers: where each comes from, and the words with which it installs and runs. */
import { BUN } from '../runtimes/runtimes.js';
import type { Packages } from '../shared/npm.js';

export interface PackageManager {
  name: string;
  what: string;
  /** The one package that brings it. */
  package: Packages;
  /** Its script for Node, or its binary, below `node_modules`. */
  program: string;
  isBinary?: true;
  install: readonly string[];
  /** Before the name of the package's command. */
  command: readonly string[];
  /** Before the name of a script; Node alone where it is left out. */
  script?: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Beside package.json. */
  files?: Readonly<Record<string, string>>;
}

export const PACKAGE_MANAGERS: readonly PackageManager[] = [
  npm('8.19.4'),
  npm('9.9.4'),
  npm('10.9.9'),
  npm('11.21.2'),
  {
    name: 'pnpm-10',
    what: 'pnpm 10',
    package: { pnpm: '10.34.8' },
    program: 'pnpm/bin/pnpm.cjs',
    install: ['install', '--no-frozen-lockfile', '--ignore-scripts', '--store-dir', 'store'],
    command: ['exec'],
  },
  {
    name: 'yarn-1',
    what: 'Yarn 1',
    package: { yarn: '1.22.22' },
    program: 'yarn/bin/yarn.js',
    install: ['install', '--no-lockfile', '--ignore-scripts', '--cache-folder', 'cache'],
    command: ['--silent', 'run'],
  },
  {
    name: 'yarn-4',
    what: "Yarn 4, Plug'n'Play",
    package: { '@yarnpkg/cli-dist': '4.18.1' },
    program: '@yarnpkg/cli-dist/bin/yarn.js',
    install: ['install'],
    command: ['run'],
    script: ['node'],
    environment: {
      YARN_NODE_LINKER: 'pnp',
      YARN_ENABLE_IMMUTABLE_INSTALLS: 'false',
      YARN_ENABLE_SCRIPTS: 'false',
      YARN_ENABLE_TELEMETRY: 'false',
      YARN_GLOBAL_FOLDER: 'yarn',
    },
    // Else Yarn looks for a project above.
    files: { 'yarn.lock': '' },
  },
  {
    name: 'bun-install',
    what: 'Bun 1.4',
    package: { [BUN.npmPackage]: BUN.version },
    program: `${BUN.npmPackage}/${BUN.binary}`,
    isBinary: true,
    install: ['install', '--no-save', '--ignore-scripts', '--cache-dir', 'cache'],
    command: ['x', '--no-install'],
  },
];

function npm(version: string): PackageManager {
  const [major] = version.split('.');
  return {
    name: `npm-${major}`,
    what: `npm ${major}`,
    package: { npm: version },
    program: 'npm/bin/npm-cli.js',
    install: ['install', '--loglevel=error', '--no-audit', '--no-fund', '--ignore-scripts'],
    command: ['exec', '--no', '--loglevel=error', '--'],
  };
}
