/** The Node versions to measure on, from packages: whichever runs this, the results are of the same. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const MAJORS = ['20', '22', '24'];

export function nodes() {
  return MAJORS.map((major) => {
    const path = fileURLToPath(new URL(`../node_modules/node-${major}/bin/node`, import.meta.url));
    const version = execFileSync(path, ['-p', 'process.versions.node']).toString().trim();
    return { path, version, major };
  });
}
