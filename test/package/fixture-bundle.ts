/** A folder of small packages, and a bundle made of them, to see what a build says of it. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { build } from 'tsup';
import { onTestFinished } from 'vitest';
import type { EsbuildPlugin } from '../../scripts/esbuild-plugin.js';

export interface FixturePackage {
  name: string;
  licence?: string;
  licenceFile?: string;
  code?: string;
  /** The package whose own node_modules it is in. */
  inside?: string;
}

export class FixtureBundle {
  readonly #folder = mkdtempSync(join(tmpdir(), 'bundle-'));

  constructor() {
    onTestFinished(() => rmSync(this.#folder, { recursive: true }));
  }

  write(file: string, text: string): void {
    const path = join(this.#folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  addPackage({
    name,
    licence = 'MIT',
    licenceFile,
    code = "export const it = () => 'it';",
    inside,
  }: FixturePackage): void {
    const folder = join(inside === undefined ? '' : `node_modules/${inside}`, 'node_modules', name);
    const manifest = { name, version: '1.2.3', license: licence, type: 'module' };
    this.write(`${folder}/package.json`, JSON.stringify({ ...manifest, exports: './main.js' }));
    this.write(`${folder}/main.js`, code);
    if (licenceFile !== undefined) {
      this.write(`${folder}/${licenceFile}`, `The licence of ${name}.\n`);
    }
  }

  /** Bundles `code` with a plugin that writes a file, and gives that file's text. */
  async build(code: string, plugin: (file: string) => EsbuildPlugin): Promise<string> {
    this.write('main.js', code);
    const written = join(this.#folder, 'dist/written');
    await build({
      config: false,
      silent: true,
      entry: [join(this.#folder, 'main.js')],
      outDir: join(this.#folder, 'dist'),
      format: 'esm',
      esbuildPlugins: [plugin(written)],
    });
    return readFileSync(written, 'utf8');
  }
}
