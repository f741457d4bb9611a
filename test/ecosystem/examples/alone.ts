/** A copy of an example, as somebody makes one: no file above or beside it is ours. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { customerEnvironment } from '../shared/environment.js';
import { installFolder, runNpm } from '../shared/npm.js';
import type { Check } from '../shared/run-matrix.js';
import { exampleFolder, isSource, readManifest } from './folder.js';
import { takeSteps } from './steps.js';

/** Only against what hangs. */
const TIME_LIMIT = 180_000;

/** Makes the copy, with the packed package in place of the published one. */
export function checkAlone(name: string, copy: string, tarball: string): Promise<readonly Check[]> {
  const manifest = readManifest(join(exampleFolder(name), 'package.json'));
  const run = async (script: string) => {
    const options = { cwd: copy, env: customerEnvironment(), timeLimit: TIME_LIMIT };
    await runNpm(['run', '--silent', script], options);
  };

  return takeSteps('alone', {
    installs: async () => {
      cpSync(exampleFolder(name), copy, { recursive: true, filter: isSource });
      const packed = { 'sentiance-user-link': `file:${tarball}` };
      const dependencies = { ...manifest.dependencies, ...packed };
      writeFileSync(join(copy, 'package.json'), JSON.stringify({ ...manifest, dependencies }));
      await installFolder(copy);
    },
    'passes its own test': () => run('test'),
    ...(manifest.scripts?.build && { 'builds without the API key': () => run('build') }),
  });
}
