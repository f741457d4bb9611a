/** Makes one call and prints what came of it, as JSON: `node call.js <options>`. */
import { SentianceUserLinkClient } from 'sentiance-user-link';

const { endsAtOnce, ...options } = JSON.parse(process.argv[2]);
const client = new SentianceUserLinkClient(options);
const result = await client.tryCreateAuthenticationCode('user-1');
console.log(JSON.stringify(result));
// Where undici goes on waiting: five minutes for a proxy that is silent.
if (endsAtOnce) process.exit();
