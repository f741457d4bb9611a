/** Those from whom no library can hide a key: prints of each whether it has seen it. */
const { subscribe } = require('node:diagnostics_channel');
const { Session } = require('node:inspector/promises');
const { getHeapSnapshot } = require('node:v8');
const { SentianceUserLinkClient } = require('sentiance-user-link');

const ONLOOKERS = {
  async 'a subscriber to the channels of undici'(client) {
    let seen = '';
    subscribe('undici:request:create', ({ request }) => {
      seen += request.headers;
    });
    await client.createAuthenticationCode('user-1');
    return seen;
  },

  async 'a debugger'(client) {
    const session = new Session();
    session.connect();
    globalThis.client = client;
    const propertiesOf = ({ objectId }) =>
      session.post('Runtime.getProperties', { objectId, ownProperties: true });
    const { result } = await session.post('Runtime.evaluate', { expression: 'client' });
    const { privateProperties } = await propertiesOf(result);
    const settings = privateProperties.map(({ value }) => propertiesOf(value));
    session.disconnect();
    return JSON.stringify(await Promise.all(settings));
  },

  async 'a heap snapshot'() {
    let seen = '';
    for await (const chunk of getHeapSnapshot()) seen += chunk;
    return seen;
  },

  async 'a diagnostic report'() {
    return JSON.stringify(process.report.getReport().environmentVariables);
  },
};

async function main([baseUrl]) {
  const client = new SentianceUserLinkClient({ baseUrl });
  for (const [name, look] of Object.entries(ONLOOKERS)) {
    const seen = await look(client);
    // Not read earlier: until then, only the client has the key in its memory.
    console.log(`${name}: ${seen.includes(process.env.SENTIANCE_USER_LINK_API_KEY)}`);
  }
}

main(process.argv.slice(2));
