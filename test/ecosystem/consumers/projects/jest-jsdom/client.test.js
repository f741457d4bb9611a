const { SentianceConfigurationError, SentianceUserLinkClient } = require('sentiance-user-link');

test('this is jsdom', () => {
  expect(window.document.createElement('p').tagName).toBe('P');
});

test('the client refuses, and says what to do', () => {
  const construct = () => new SentianceUserLinkClient({ apiKey: 'test-user-link-key' });

  expect(construct).toThrow(SentianceConfigurationError);
  expect(construct).toThrow(/^SentianceUserLinkClient is for servers only, but this is a browser/);
  expect(construct).toThrow(/in Jest: @jest-environment node at the top of the file/);
  expect(construct).toThrow(/to stay in jsdom, pass dangerouslyAllowBrowser: true\.$/);
});

test('what the message says lets the client be made', () => {
  const client = new SentianceUserLinkClient({
    apiKey: 'test-user-link-key',
    dangerouslyAllowBrowser: true,
  });

  expect(client.platformUrl).toBe('https://api.sentiance.com');
});
