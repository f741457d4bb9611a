/** The Worker in Miniflare, of several compatibility dates, against the emulator. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Miniflare } from 'miniflare';
import { SentianceEmulator } from 'sentiance-user-link/testing';

const script = readFileSync('built/worker.js', 'utf8');

for (const [compatibilityDate, ...compatibilityFlags] of [
  ['2021-11-02', 'streams_enable_constructors'],
  ['2024-01-01'],
  ['2026-05-01'],
  ['2026-05-01', 'nodejs_compat'],
]) {
  const emulator = new SentianceEmulator();
  let printed = '';
  const worker = new Miniflare({
    modules: true,
    script,
    compatibilityDate,
    compatibilityFlags,
    bindings: {
      SENTIANCE_BASE_URL: await emulator.listen(),
      SENTIANCE_USER_LINK_API_KEY: emulator.apiKey,
    },
    handleRuntimeStdio(...streams) {
      for (const stream of streams) stream.on('data', (text) => (printed += text));
    },
  });
  const login = async () => (await worker.dispatchFetch('http://localhost/')).json();
  try {
    const results = await Promise.all([login(), login()]);
    for (const fault of [{ type: 'status', status: 503 }, { type: 'hang' }]) {
      // The failed attempt is another request's.
      emulator.failNext(fault);
      results.push(...(await Promise.all([login(), login()])));
    }
    const codes = results.map(({ value }) => value?.authenticationCode);
    assert.equal(new Set(codes).size, 6, JSON.stringify(results));
    assert.equal(emulator.requests.length, 8);

    emulator.failNext({ type: 'status', status: 401 });
    assert.equal((await login()).error.code, 'unauthorized');
    assert.match(printed, /authenticationCode: '\[redacted\]'/);
    for (const secret of [emulator.apiKey, ...codes]) assert.ok(!printed.includes(secret));
  } finally {
    await worker.dispose();
    await emulator.close();
  }
}
