import { SentianceUserLinkClient } from 'sentiance-user-link';

const [baseUrl] = process.argv.slice(2);
const client = new SentianceUserLinkClient({ apiKey: 'test-user-link-key', baseUrl });
const code = await client.createAuthenticationCode('user-1');
console.log(code.authenticationCode);
