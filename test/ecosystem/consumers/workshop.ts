/** Installs what rows need, each once, and runs rows in their projects. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customerEnvironment } from '../shared/environment.js';
import { installPackages, type Packages, packAsVersion, runNpm } from '../shared/npm.js';
import type { Site } from '../shared/site.js';
import type { ConsumerRow } from './row.js';

const PROJECTS = fileURLToPath(new URL('projects', import.meta.url));
/** Only against what hangs: on a busy machine the compilers take minutes for MSW's declarations. */
const TIME_LIMIT = 300_000;

export class Workshop {
  readonly #site: Site;
  readonly #installs = new Map<string, Promise<string>>();

  constructor(site: Site) {
    this.#site = site;
  }

  /** Runs the row's script in a copy of its project, below the folder with its packages. */
  async run({ name, install, project, script = 'test' }: ConsumerRow): Promise<void> {
    const cwd = join(await this.#install(install), name);
    for (const part of project) cpSync(join(PROJECTS, part), cwd, { recursive: true });
    await runNpm(['run', '--silent', script], {
      cwd,
      env: customerEnvironment(),
      timeLimit: TIME_LIMIT,
    });
  }

  /** Rows that need the same packages share one folder. */
  #install(install: ConsumerRow['install']): Promise<string> {
    const key = JSON.stringify(install);
    const folder = join(this.#site.folder, 'installs', String(this.#installs.size + 1));
    const installed = this.#installs.get(key) ?? this.#makeInstall(install, folder);
    this.#installs.set(key, installed);
    return installed;
  }

  async #makeInstall(install: ConsumerRow['install'], folder: string): Promise<string> {
    const library = { 'sentiance-user-link': `file:${await this.#site.tarball()}` };
    if (install === 'production') await installPackages(folder, library, '--omit=dev');
    else if (install === 'two-versions') await installPackages(folder, await this.#twoVersions());
    else await installPackages(folder, { ...library, ...install });
    return folder;
  }

  /** The package, and the same as another version, under a name of its own. */
  async #twoVersions(): Promise<Packages> {
    const installed = join(await this.#install({}), 'node_modules', 'sentiance-user-link');
    const folder = join(this.#site.folder, 'packed-other');
    const other = await packAsVersion(installed, '99.0.0', folder);
    return {
      'sentiance-user-link': `file:${await this.#site.tarball()}`,
      'sentiance-user-link-other': `file:${other}`,
    };
  }
}
