/** The story of the demo: what an app, a backend and the platform do, step by step. */
import { type AuthenticationCode, SentianceUserLinkClient } from 'sentiance-user-link';
import { CreateUserError, SentianceEmulator } from 'sentiance-user-link/testing';
import { login, shortened } from './demo-login.js';
import { type Output, paint } from './output.js';

type Device = { id: string; type: 'phone' | 'tablet' };

const PHONE: Device = { id: 'phone-1', type: 'phone' };
const SECOND_PHONE: Device = { id: 'phone-2', type: 'phone' };
const THIRD_PHONE: Device = { id: 'phone-3', type: 'phone' };
const TABLET: Device = { id: 'tablet-1', type: 'tablet' };

export async function tellStory(output: Output): Promise<void> {
  await using emulator = new SentianceEmulator();
  const baseUrl = await emulator.listen();
  output.out(
    'The Sentiance platform of this demo is an emulator on this machine; no account is needed.',
  );
  output.out(`It listens on ${baseUrl}`);
  const story = new Story(output, emulator, baseUrl);
  await story.tellOfLogins();
  await story.tellOfTrouble();
  await story.tellOfFailures();
}

class Story {
  readonly #output: Output;
  readonly #emulator: SentianceEmulator;
  readonly #baseUrl: string;
  readonly #client: SentianceUserLinkClient;

  constructor(output: Output, emulator: SentianceEmulator, baseUrl: string) {
    this.#output = output;
    this.#emulator = emulator;
    this.#baseUrl = baseUrl;
    this.#client = new SentianceUserLinkClient({ apiKey: emulator.apiKey, baseUrl });
  }

  async tellOfLogins(): Promise<void> {
    this.#begin('1. Signup: user-1001 registers on a phone.');
    const signup = await this.#login('user-1001');
    const given = signup && JSON.stringify(shortened(signup));
    this.#say(`The app is given:  ${given}`);
    this.#createUser(PHONE, signup);

    this.#begin('2. Login on a second phone: the same Sentiance user is restored there.');
    this.#createUser(SECOND_PHONE, await this.#login('user-1001'));
    this.#showDevices();

    this.#begin('3. Login on a tablet as well: the phone stays the active one.');
    this.#createUser(TABLET, await this.#login('user-1001'));
    this.#showDevices();

    this.#begin(
      '4. Another user on the second phone: only after the app has reset the SDK at logout.',
    );
    const other = await this.#login('user-2002');
    this.#createUser(SECOND_PHONE, other);
    this.#emulator.resetDevice(SECOND_PHONE.id);
    this.#say('phone-2:           logout, the app calls reset');
    this.#createUser(SECOND_PHONE, other);
  }

  async tellOfTrouble(): Promise<void> {
    this.#begin(
      "5. The app waits eleven minutes (on the emulator's clock) before it uses its code.",
    );
    const old = await this.#login('user-1001');
    this.#emulator.advance(11 * 60_000);
    this.#createUser(THIRD_PHONE, old);

    this.#begin('6. The response to a request is lost on the way: the client asks once more.');
    this.#emulator.failNext({ type: 'lost_response' });
    const before = this.#emulator.requests.length;
    const retried = await this.#login('user-1001');
    this.#say(`Requests sent:     ${this.#emulator.requests.length - before}`);
    this.#createUser(THIRD_PHONE, retried);
    this.#say(`Sentiance users:   ${this.#emulator.users.length}, none was made twice`);
  }

  async tellOfFailures(): Promise<void> {
    this.#begin(
      'What the login handler sees when there is no code. In each case it lets the user in.',
    );
    this.#begin('7. A wrong API key.');
    // Of no word that the platform's message has: what stands in the key is not shown of it.
    const stranger = new SentianceUserLinkClient({ apiKey: 'test-0000', baseUrl: this.#baseUrl });
    await login(this.#output, stranger, 'user-1001');

    this.#begin('8. The platform hangs. This login gives it 500 ms.');
    this.#emulator.failNext({ type: 'hang' });
    await login(this.#output, this.#client, 'user-1001', 500);

    this.#begin('9. The platform is down.');
    await this.#emulator.close();
    await this.#login('user-1001');
  }

  #login(externalId: string): Promise<AuthenticationCode | undefined> {
    return login(this.#output, this.#client, externalId);
  }

  #createUser(device: Device, code: AuthenticationCode | undefined): void {
    if (code === undefined) return;
    const label = `${device.id}:`.padEnd(19);
    try {
      const { platformUrl } = code;
      const user = this.#emulator.createUser(code.authenticationCode, device, { platformUrl });
      const what = user.restored ? 'restored' : 'new';
      const active = user.active ? 'active' : 'not active';
      this.#say(`${label}${what} Sentiance user ${user.userId}, ${active}`);
    } catch (error) {
      if (!(error instanceof CreateUserError)) throw error;
      this.#say(`${label}createUser fails with ${error.message}`);
    }
  }

  #showDevices(): void {
    for (const { externalId, activeDevice, devices } of this.#emulator.users) {
      const states = devices.map(({ id }) => `${id} ${id === activeDevice?.id ? 'active' : 'off'}`);
      this.#say(`${externalId}:         ${states.join(', ')}`);
    }
  }

  #begin(title: string): void {
    this.#output.out(`\n${paint(this.#output, 'bold', title)}`);
  }

  #say(text: string): void {
    this.#output.out(`   ${text}`);
  }
}
