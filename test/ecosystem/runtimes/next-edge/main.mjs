/** Builds the app, starts it, and has it run the checks. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const cwd = import.meta.dirname;
const next = createRequire(import.meta.url).resolve('next/dist/bin/next');
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1' };

function runNext(...args) {
  return spawn(process.execPath, [next, ...args], { cwd, env, stdio: 'inherit' });
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}

const [status] = await once(runNext('build'), 'exit');
if (status !== 0) process.exit(status);
const port = await freePort();
const server = runNext('start', '-p', String(port));
const ended = once(server, 'exit');
const checks = `http://127.0.0.1:${port}/checks`;
try {
  while (!(await fetch(checks).catch(() => undefined))) await sleep(100);
  const response = await fetch(checks, { method: 'POST' });
  if (response.status !== 200) throw new Error(`The route responded ${response.status}.`);
} finally {
  server.kill();
  await ended;
}
