/** What the rows share: the project with the checks, and the platform that they call. */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages } from '../shared/npm.js';
import type { Site } from '../shared/site.js';
import { certificateAuthority } from './certificates.js';
import { type Platform, refusingPort, startPlatform } from './platform.js';
import { TOOLS } from './runtimes.js';

export interface Stage {
  platform: Platform;
  /** What the checks need to know, whichever the runtime. */
  setting: object;
  /** The folder with the checks, the package and what they import. */
  project: string;
  /** A folder for what a runtime keeps for itself. */
  cache: string;
  /** The certificate of the private authority, a file. */
  authority: string;
}

export async function prepareStage(site: Site): Promise<Stage> {
  const folder = join(site.folder, 'runtimes');
  const project = join(folder, 'project');
  const library = { 'sentiance-user-link': `file:${await site.tarball()}` };
  await installPackages(project, { ...library, ...TOOLS });
  cpSync(fileURLToPath(new URL('conformance', import.meta.url)), project, { recursive: true });

  const authority = certificateAuthority();
  writeFileSync(join(folder, 'authority.pem'), authority.cert);
  const platform = await startPlatform({
    good: authority.issue('localhost'),
    otherHost: authority.issue('other.example'),
    expired: authority.issue('localhost', { until: 2021 }),
  });
  const setting = {
    platform: platform.url,
    tls: platform.tls,
    refusingPort: await refusingPort(),
  };
  return {
    platform,
    setting,
    project,
    cache: join(folder, 'cache'),
    authority: join(folder, 'authority.pem'),
  };
}
