/**
 * @jest-environment node
 */
const { SentianceUserLinkClient } = require('sentiance-user-link');

test('the comment that the message names lets the client be made', () => {
  expect(new SentianceUserLinkClient({ apiKey: 'test-user-link-key' }).region).toBe('eu');
});
