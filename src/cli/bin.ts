#!/usr/bin/env node
/** What `npx sentiance-user-link` runs. */
import { main } from './main.js';
import type { Output } from './output.js';

const { stdout, stderr } = process;

const output: Output = {
  out: (line) => void stdout.write(`${line}\n`),
  err: (line) => void stderr.write(`${line}\n`),
  // NO_COLOR counts when it is not empty: https://no-color.org
  colour: stdout.isTTY && !process.env.NO_COLOR && process.env.TERM !== 'dumb',
};

for (const stream of [stdout, stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read this has gone, as after `| head`: there is nobody left to work for.
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
}

process.exitCode = await main(process.argv.slice(2), output);
await Promise.all([flushed(stdout), flushed(stderr)]);
// Not left to Node: after a TLS handshake that was broken off, a timer of fetch's runs for 10 s.
process.exit();

function flushed(stream: NodeJS.WriteStream): Promise<void> {
  return new Promise((resolve) => void stream.write('', () => resolve()));
}
