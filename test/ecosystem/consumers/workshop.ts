/** Packs the package once, installs what rows need once each, and runs rows in their projects. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { customerEnvironment } from '../shared/environment.js';
import { installPackages, type Packages, packAsVersion, packTarball } from '../shared/npm.js';
import { runCommand } from '../shared/run-command.js';
import { INSTALLS } from './packages.js';
import type { ConsumerRow } from './rows.js';

const PROJECTS = fileURLToPath(new URL('projects', import.meta.url));
/** Only against what hangs: on a busy machine the compilers take minutes for MSW's declarations. */
const TIME_LIMIT = 300_000;

export class Workshop {
  readonly #folder: string;
  readonly #tarball: string;
  readonly #installs = new Map<ConsumerRow['install'], Promise<string>>();

  private constructor(folder: string, tarball: string) {
    this.#folder = folder;
    this.#tarball = tarball;
  }

  static async open(folder: string): Promise<Workshop> {
    return new Workshop(folder, await packTarball(join(folder, 'packed')));
  }

  /** Runs the row's script in a copy of its project, below the folder with its packages. */
  async run({ name, install, project, script = 'test' }: ConsumerRow): Promise<void> {
    const cwd = join(await this.#install(install), name);
    for (const part of project) cpSync(join(PROJECTS, part), cwd, { recursive: true });
    await runCommand('npm', ['run', '--silent', script], {
      cwd,
      env: customerEnvironment(),
      timeLimit: TIME_LIMIT,
    });
  }

  #install(name: ConsumerRow['install']): Promise<string> {
    const install = this.#installs.get(name) ?? this.#makeInstall(name);
    this.#installs.set(name, install);
    return install;
  }

  async #makeInstall(name: ConsumerRow['install']): Promise<string> {
    const folder = join(this.#folder, 'installs', name);
    const library = { 'sentiance-user-link': `file:${this.#tarball}` };
    if (name === 'production') await installPackages(folder, library, '--omit=dev');
    else if (name === 'two-versions') await installPackages(folder, await this.#twoVersions());
    else await installPackages(folder, { ...library, ...INSTALLS[name] });
    return folder;
  }

  /** The package, and the same as another version, under a name of its own. */
  async #twoVersions(): Promise<Packages> {
    const installed = join(await this.#install('alone'), 'node_modules', 'sentiance-user-link');
    const other = await packAsVersion(installed, '99.0.0', join(this.#folder, 'packed-other'));
    return {
      'sentiance-user-link': `file:${this.#tarball}`,
      'sentiance-user-link-other': `file:${other}`,
    };
  }
}
