/** Each login gets a code of its own, whatever the framework caches, in development and built. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { setTimeout as sleep } from 'node:timers/promises';

const LOGINS = 3;

const require = createRequire(import.meta.url);
const next = require.resolve('next/dist/bin/next');
const major = Number.parseInt(require('next/package.json').version, 10);

/** Where a code is asked for, and how one reads it there. */
const PLACES = {
  get: fetchText,
  'get-late': fetchText,
  'get-edge': fetchText,
  post: (url) => fetchText(url, { method: 'POST' }),
  page: async (url) => /<code>(.*?)<\/code>/.exec(await fetchText(url))?.[1],
  action: async (url) => {
    // As a browser without JavaScript sends the form.
    const [, action] = /name="(\$ACTION_ID_[^"]+)"/.exec(await fetchText(url)) ?? [];
    const body = new FormData();
    body.set(action, '');
    const response = await fetch(url, { method: 'POST', body, redirect: 'manual' });
    return new URL(response.headers.get('location'), url).searchParams.get('code');
  },
};

if (major === 13) {
  writeFileSync('next.config.js', 'module.exports = { experimental: { serverActions: true } };');
  // Its edge runtime has no `performance`.
  rmSync('app/get-edge', { recursive: true });
  delete PLACES['get-edge'];
}

let issued = 0;
const platform = createServer((message, response) => {
  message.resume();
  issued += 1;
  response.end(JSON.stringify({ authentication_code: `issued-code-${issued}` }));
});
platform.listen(0, '127.0.0.1').unref();
await once(platform, 'listening');
const env = {
  ...process.env,
  NEXT_TELEMETRY_DISABLED: '1',
  SENTIANCE_BASE_URL: `http://127.0.0.1:${platform.address().port}`,
  SENTIANCE_USER_LINK_API_KEY: 'test-user-link-key',
};

await checkServer('dev', Object.keys(PLACES));
const [status] = await once(runNext('build'), 'exit');
assert.equal(status, 0, 'next build failed');
// Next.js 13 renders a route that reads nothing of its request once, at build, whatever it fetches.
await checkServer(
  'start',
  Object.keys(PLACES).filter((name) => major !== 13 || name !== 'get'),
);

function runNext(...args) {
  return spawn(process.execPath, [next, ...args], { env, stdio: ['ignore', 'inherit', 'inherit'] });
}

async function checkServer(command, names) {
  const port = await freePort();
  const server = runNext(command, '-p', String(port));
  try {
    const url = `http://127.0.0.1:${port}`;
    await untilItResponds(`${url}/post`);
    for (const name of names) {
      const codes = [];
      for (let login = 0; login < LOGINS; login += 1)
        codes.push(await PLACES[name](`${url}/${name}`));
      for (const code of codes)
        assert.match(String(code), /^issued-code-\d+$/, `${command}: ${name}`);
      assert.equal(new Set(codes).size, LOGINS, `next ${command}: ${name} gave ${codes}`);
    }
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}

async function untilItResponds(url) {
  for (;;) {
    const response = await fetch(url, { method: 'POST' }).catch(() => undefined);
    if (response) return response.text();
    await sleep(100);
  }
}

async function fetchText(url, init) {
  const response = await fetch(url, init);
  assert.equal(response.status, 200, url);
  return response.text();
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  return port;
}
