/** node:test holds timers and Date. Its tick is not async: it is taken in steps. */
const assert = require('node:assert/strict');
const { afterEach, beforeEach, mock, test } = require('node:test');
const { CALLS, FAKES } = require('./scenarios.cjs');

// Before it is held: lets what waits for promises alone go on.
const nextTurn = setImmediate;

async function advance(ms) {
  for (let passed = 0; passed <= ms; passed += 10) {
    await new Promise((resolve) => nextTurn(resolve));
    mock.timers.tick(10);
  }
}

beforeEach(() => mock.timers.enable());
afterEach(() => mock.timers.reset());

for (const [title, call, ms, expected] of CALLS) {
  test(`the client, while the clock is advanced: ${title}`, async () => {
    const outcome = call();
    await advance(ms);

    assert.equal(await outcome, expected);
  });
}

for (const [title, call, expected] of FAKES) {
  test(`the fake, while the clock stands still: ${title}`, async () => {
    assert.equal(await call(), expected);
  });
}
