const { SentianceRateLimitError } = require('sentiance-user-link');
const { FakeUserLinkClient } = require('sentiance-user-link/testing');

test('the fake works in jsdom, which has no Response', async () => {
  expect(globalThis.Response).toBeUndefined();
  const fake = new FakeUserLinkClient().failNext('rate_limited');

  await expect(fake.createAuthenticationCode('user-1')).rejects.toThrow(SentianceRateLimitError);
  await expect(fake.createAuthenticationCode('user-1')).resolves.toMatchObject({
    authenticationCode: 'fake-code-1',
  });
});
