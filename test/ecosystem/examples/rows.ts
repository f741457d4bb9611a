import { join } from 'node:path';
import type { Check, MatrixRow } from '../shared/run-matrix.js';
import type { Site } from '../shared/site.js';
import { checkAlone } from './alone.js';
import { EXAMPLES, type Example } from './examples.js';
import { checkFolder } from './folder.js';
import { checkLoginHandler } from './login-handler.js';

export function exampleRows(site: Site): readonly MatrixRow[] {
  return EXAMPLES.map((example) => ({
    name: example.name,
    what: example.what,
    run: () => checkExample(example, site),
  }));
}

async function checkExample(example: Example, site: Site): Promise<readonly Check[]> {
  const copy = join(site.folder, 'examples', example.name);
  const folder = await checkFolder(example.name);
  const alone = await checkAlone(example.name, copy, await site.tarball());
  const builds = [...folder, ...alone].every(({ error }) => error === undefined);
  // An app that does not build cannot be asked; what it failed with says enough.
  return [...folder, ...alone, ...(builds ? await checkLoginHandler(example, copy) : [])];
}
