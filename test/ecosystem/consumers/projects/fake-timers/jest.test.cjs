const { CALLS, FAKES } = require('./scenarios.cjs');

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

test.each(CALLS)('the client, while the clock is advanced: %s', async (_, call, ms, expected) => {
  const outcome = call();
  await jest.advanceTimersByTimeAsync(ms);

  expect(await outcome).toBe(expected);
});

test.each(FAKES)('the fake, while the clock stands still: %s', async (_, call, expected) => {
  expect(await call()).toBe(expected);
  expect(jest.getTimerCount()).toBe(0);
});
