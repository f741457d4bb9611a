/** The scripts for runtimes that get one file: without what asks for files or for a server. */
import { core } from './core.mjs';
import { run as crash } from './crash.mjs';
import { finish } from './harness.mjs';
import { run as once } from './once.mjs';

const SCRIPTS = { conformance, once, crash };

export function run() {
  const [script] = process.argv.slice(2);
  return SCRIPTS[script]();
}

async function conformance() {
  await core();
  finish();
}
