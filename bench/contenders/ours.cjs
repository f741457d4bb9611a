const { SentianceUserLinkClient } = require('sentiance-user-link');

exports.create = (baseUrl) => {
  const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', baseUrl });
  return async (externalId) => {
    const { authenticationCode } = await client.createAuthenticationCode(externalId);
    return authenticationCode;
  };
};
