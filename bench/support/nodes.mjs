/** The Node versions to measure on: the one that runs this, and Node 24. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const bundled = fileURLToPath(new URL('../node_modules/node/bin/node', import.meta.url));

const describe = (path, version) => ({ path, version, major: version.split('.')[0] });

export function nodes() {
  const own = describe(process.execPath, process.versions.node);
  const other = describe(
    bundled,
    execFileSync(bundled, ['-p', 'process.versions.node']).toString().trim(),
  );
  return own.major === other.major ? [other] : [own, other];
}
