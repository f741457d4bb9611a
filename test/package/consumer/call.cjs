const { SentianceUserLinkClient } = require('sentiance-user-link');

const [baseUrl] = process.argv.slice(2);
const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', baseUrl });
client.createAuthenticationCode('user-1').then((code) => console.log(code.authenticationCode));
