/** Makes a call for each response that the platform has in store, and prints what they come to. */
const { SentianceUserLinkClient } = require('sentiance-user-link');
const { apiKey, externalId } = require('./canaries.json');

async function main([baseUrl, calls]) {
  const client = new SentianceUserLinkClient({ apiKey, baseUrl, maxRetries: 0 });
  for (let call = 0; call < Number(calls); call += 1) {
    const result = await client.tryCreateAuthenticationCode(externalId);
    console.log(result.ok ? 'a code' : result.error.code);
  }
}

main(process.argv.slice(2));
