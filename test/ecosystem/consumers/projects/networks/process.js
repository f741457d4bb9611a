/** A server as a process of its own, in the environment that its operators give it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** One call's result. Rejects when the process does not end by itself, and then kills it. */
export async function callWith(environment, options) {
  // Without the second, Windows opens no socket.
  const { PATH, SYSTEMROOT } = process.env;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [`${import.meta.dirname}/call.js`, JSON.stringify(options)],
    { env: { PATH, SYSTEMROOT, ...environment }, timeout: 30_000 },
  );
  return JSON.parse(stdout);
}
