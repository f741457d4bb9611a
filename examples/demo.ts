/**
 * The whole story on one machine: `npm run demo` plays it against the emulator, without an account;
 * `npm run demo -- --live <externalId>` asks the real platform for one code, with the key and the
 * region from the environment; with `--api graphql` by GraphQL.
 */
import { parseArgs } from 'node:util';
import {
  type AuthenticationCode,
  type AuthenticationCodeResult,
  SentianceUserLinkClient,
} from 'sentiance-user-link';
import { CreateUserError, SentianceEmulator } from 'sentiance-user-link/testing';

try {
  const { values } = parseArgs({
    options: { live: { type: 'string' }, api: { type: 'string', default: 'rest' } },
  });
  if (values.live === undefined) await tellStory();
  else await askPlatform(values.live, values.api);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function tellStory(): Promise<void> {
  await using emulator = new SentianceEmulator();
  const baseUrl = await emulator.listen();
  const { apiKey } = emulator;
  const client = new SentianceUserLinkClient({ apiKey, baseUrl });
  const log = console.log;

  log('The Sentiance platform of this demo is an emulator on this machine; no account is needed.');
  log(`It listens on ${baseUrl}\n`);

  log('1. Signup: user-1001 registers on a phone.');
  const signup = await login(client, 'user-1001');
  log(`   The app is given:  ${JSON.stringify(shortened(signup))}`);
  createUser('phone-1', 'phone', signup);

  log('\n2. Login on a second phone: the same Sentiance user is restored there.');
  createUser('phone-2', 'phone', await login(client, 'user-1001'));
  showDevices();

  log('\n3. Login on a tablet as well: the phone stays the active one.');
  createUser('tablet-1', 'tablet', await login(client, 'user-1001'));
  showDevices();

  log('\n4. Another user on the second phone: only after the app has reset the SDK at logout.');
  const other = await login(client, 'user-2002');
  createUser('phone-2', 'phone', other);
  emulator.resetDevice('phone-2');
  log('   phone-2:           logout, the app calls reset');
  createUser('phone-2', 'phone', other);

  log("\n5. The app waits eleven minutes (on the emulator's clock) before it uses its code.");
  const old = await login(client, 'user-1001');
  emulator.advance(11 * 60_000);
  createUser('phone-3', 'phone', old);

  log('\n6. The response to a request is lost on the way: the client asks once more.');
  emulator.failNext({ type: 'lost_response' });
  const before = emulator.requests.length;
  const retried = await login(client, 'user-1001');
  log(`   Requests sent:     ${emulator.requests.length - before}`);
  createUser('phone-3', 'phone', retried);
  log(`   Sentiance users:   ${emulator.users.length}, none was made twice`);

  log('\nWhat the login handler sees when there is no code. In each case it lets the user in.');
  log('\n7. A wrong API key.');
  await login(new SentianceUserLinkClient({ apiKey: 'wrong-key', baseUrl }), 'user-1001');

  log('\n8. The platform hangs. This login gives it 500 ms.');
  emulator.failNext({ type: 'hang' });
  await login(client, 'user-1001', 500);

  log('\n9. The platform is down.');
  await emulator.close();
  await login(client, 'user-1001');

  function createUser(id: string, type: 'phone' | 'tablet', code: AuthenticationCode | undefined) {
    if (code === undefined) return;
    const label = `   ${id}:`.padEnd(22);
    try {
      const user = emulator.createUser(code.authenticationCode, { id, type });
      const what = user.restored ? 'restored' : 'new';
      log(
        `${label}${what} Sentiance user ${user.userId}, ${user.active ? 'active' : 'not active'}`,
      );
    } catch (error) {
      if (!(error instanceof CreateUserError)) throw error;
      log(`${label}createUser fails with ${error.message}`);
    }
  }

  function showDevices() {
    for (const { externalId, activeDevice, devices } of emulator.users) {
      const states = devices.map(({ id }) => `${id} ${id === activeDevice?.id ? 'active' : 'off'}`);
      log(`   ${externalId}:         ${states.join(', ')}`);
    }
  }
}

async function askPlatform(externalId: string, api: string): Promise<void> {
  if (api !== 'rest' && api !== 'graphql') throw new Error('--api must be rest or graphql.');
  const client = new SentianceUserLinkClient({ api });
  console.log(`Asking ${client.platformUrl} for a code.`);
  const code = await login(client, externalId);
  if (code === undefined) process.exitCode = 1;
}

/** What a login handler does: ask, go on with or without a code, and say which. */
async function login(
  client: SentianceUserLinkClient,
  externalId: string,
  timeout?: number,
): Promise<AuthenticationCode | undefined> {
  const started = performance.now();
  const result = await client.tryCreateAuthenticationCode(externalId, { timeout });
  show(result, Math.round(performance.now() - started));
  return result.ok ? result.value : undefined;
}

function show(result: AuthenticationCodeResult, ms: number): void {
  if (result.ok) {
    const { authenticationCode, expiresAt } = shortened(result.value);
    const expiry = `expires at ${expiresAt.toISOString().slice(11, 19)} UTC`;
    console.log(`   Code:              ${authenticationCode}, ${expiry} (${ms} ms)`);
    return;
  }
  const { error } = result;
  console.log(`   No code:           ${error.name}, code '${error.code}' (${ms} ms)`);
  console.log(`   Message:           ${error.message}`);
  console.log(`   What to do:        ${error.action}, after ${error.attempts} request(s)`);
}

/** Real codes do not belong on a screen either. */
function shortened(code: AuthenticationCode): AuthenticationCode;
function shortened(code: AuthenticationCode | undefined): AuthenticationCode | undefined;
function shortened(code: AuthenticationCode | undefined): AuthenticationCode | undefined {
  return code && { ...code, authenticationCode: `${code.authenticationCode.slice(0, 8)}…` };
}
