/**
 * sinon's default holds all: timers, Date, performance, process.nextTick and queueMicrotask. node:test
 * needs some of them itself, so this is a plain script.
 */
const assert = require('node:assert/strict');
const sinon = require('sinon');
const { CALLS, FAKES } = require('./scenarios.cjs');

// Until the end is reached: a promise that never settles would end the process, too.
process.exitCode = 1;

async function holding(action) {
  const clock = sinon.useFakeTimers();
  try {
    return await action(clock);
  } finally {
    clock.restore();
  }
}

async function main() {
  for (const [title, call, ms, expected] of CALLS) {
    const outcome = await holding(async (clock) => {
      const settled = call();
      // In steps: each lets go of the microtasks that are held, of which a Response's body needs some.
      for (let passed = 0; passed <= ms; passed += 10) await clock.tickAsync(10);
      return settled;
    });
    assert.equal(outcome, expected, `the client: ${title}`);
  }
  for (const [title, call, expected] of FAKES) {
    const outcome = await holding(async (clock) => {
      const settled = await call();
      assert.equal(clock.countTimers(), 0, `timers that the fake left: ${title}`);
      return settled;
    });
    assert.equal(outcome, expected, `the fake: ${title}`);
  }
  process.exitCode = 0;
}

main();
