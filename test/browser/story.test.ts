import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import {
  act,
  action,
  choice,
  NOW,
  region,
  row,
  startEmulator,
  statusLine,
  visit,
} from './support/visit.js';

const ASK = 'Ask for a code';

async function ask(page: Page, externalId: string): Promise<string> {
  await action(page, ASK).getByLabel('External id').fill(externalId);
  return act(page, ASK, ASK);
}

async function redeem(page: Page, type: 'a phone' | 'a tablet', deviceId: string) {
  const form = action(page, 'Redeem a code');
  await choice(page, 'Redeem a code', 'Device').selectOption(type);
  await form.getByLabel('Device id').fill(deviceId);
  return act(page, 'Redeem a code', 'Redeem the code');
}

async function queueFault(page: Page, label: string) {
  await choice(page, 'Queue a fault', 'Fault').selectOption(label);
  return act(page, 'Queue a fault', 'Queue the fault');
}

function device(page: Page, id: string) {
  const name = page.getByText(id, { exact: true });
  return region(page, 'Users and devices').locator('.device').filter({ has: name });
}

test('plays the story of the demo by clicks', async () => {
  const emulator = await startEmulator({ now: () => NOW });
  const { page } = await visit(emulator);
  await region(page, 'Users and devices').getByText('No Sentiance users yet').waitFor();
  await region(page, 'Codes').getByText('No codes yet').waitFor();
  await region(page, 'Requests').getByText(`export SENTIANCE_BASE_URL=${emulator.url}`).waitFor();

  // Signup on a phone.
  expect(await ask(page, 'user-1001')).toMatch(/^200: a code, [0-9a-f]{8}…$/);
  await row(page, 'Codes', 'user-1001')
    .getByText(/^(10:00|9:\d\d) left$/)
    .waitFor();
  expect(await redeem(page, 'a phone', 'phone-1')).toMatch(/^A new Sentiance user \w+, active\.$/);
  await device(page, 'phone-1').getByText('active', { exact: true }).waitFor();
  await row(page, 'Codes', 'user-1001').getByText('by phone-1').waitFor();

  // Login on a second phone.
  await ask(page, 'user-1001');
  expect(await redeem(page, 'a phone', 'phone-2')).toMatch(/^Restored the .*, active\.$/);
  await device(page, 'phone-1').getByText('by phone-2 at 03:04:05').waitFor();

  // And on a tablet: the phone stays active.
  await ask(page, 'user-1001');
  expect(await redeem(page, 'a tablet', 'tablet-1')).toContain('not active: the phone stays');
  await device(page, 'tablet-1').getByText('since 03:04:05, phone-2 stays active').waitFor();

  // Another user on the second phone, before and after the app has reset the SDK.
  await ask(page, 'user-2002');
  expect(await redeem(page, 'a phone', 'phone-2')).toMatch(/^USER_ALREADY_EXISTS: the device has/);
  await device(page, 'phone-2').getByRole('button').click();
  const reset = await act(page, 'Reset a device', 'Reset the device');
  expect(reset).toBe('phone-2 has no user any more.');
  expect(await redeem(page, 'a phone', 'phone-2')).toMatch(/^A new Sentiance user/);

  // A code that is used after eleven minutes.
  await ask(page, 'user-1001');
  expect(await act(page, 'Move the clock on', 'Move the clock on')).toBe('It is 03:15:05 now.');
  expect(await redeem(page, 'a phone', 'phone-3')).toMatch(/^SERVER_ERROR: .*has expired/);
  await row(page, 'Codes', /expired/)
    .getByText('at 03:14:05')
    .waitFor();

  // A response that is lost on the way; the browser itself may ask once more, as clients do.
  await queueFault(page, 'a lost response');
  await row(page, 'Codes', /valid/).waitFor({ state: 'detached' });
  await ask(page, 'user-1001');
  await row(page, 'Requests', 'no response').waitFor();
  await ask(page, 'user-1001');
  expect(await redeem(page, 'a phone', 'phone-3')).toMatch(/^Restored the/);
  await region(page, 'Users and devices')
    .getByRole('heading', { name: 'Users and devices 2' })
    .waitFor();

  // A wrong key, and a platform that hangs.
  await action(page, ASK).getByRole('textbox', { name: 'API key' }).fill('wrong-key');
  expect(await ask(page, 'user-1001')).toMatch(/^401 UNAUTHORIZED: /);
  await row(page, 'Requests', '401').getByText("the key is not the emulator's").waitFor();
  await action(page, ASK).getByRole('textbox', { name: 'API key' }).fill(emulator.apiKey);
  await queueFault(page, 'no response');
  expect(await ask(page, 'user-1001')).toBe('No response within 5 seconds.');
});

test('asks by GraphQL too', async () => {
  const { page } = await visit(await startEmulator());
  await choice(page, ASK, 'By').selectOption('GraphQL');

  expect(await ask(page, 'user-1001')).toMatch(/^200: a code, /);
  await row(page, 'Requests', 'GraphQL').getByText('a code').waitFor();

  expect(await ask(page, '')).toMatch(/^200 with the error BAD_REQUEST: /);
});

test.each([
  ['an error status', /^503/, 'an error status, status 503'],
  ['a cut connection', /^No response: /, 'a cut connection, phase before_headers'],
  ['broken JSON', /^200, but no code/, 'broken JSON'],
  ['JSON of another shape', /^200, but no code/, 'JSON of another shape'],
  ['a web page', /^200, but no code/, 'a web page'],
])('queues %s for the next request for a code', async (label, result, inQueue) => {
  const { page } = await visit(await startEmulator());

  // Often: a browser asks again when a connection that it has kept is cut.
  await action(page, 'Queue a fault').getByLabel('Times').fill('9');
  expect(await queueFault(page, label)).toBe('Queued: 9 times.');
  const waiting = action(page, 'The queue').getByRole('listitem').filter({ hasText: inQueue });
  await waiting.getByText('× 9').waitFor();

  expect(await act(page, ASK, ASK)).toMatch(result);
});

test('does not follow a redirect, as no client may', async () => {
  const emulator = await startEmulator();
  const { page } = await visit(emulator);
  await choice(page, 'Queue a fault', 'Fault').selectOption('a redirect');
  await action(page, 'Queue a fault').getByLabel('Location').fill('/login');
  await act(page, 'Queue a fault', 'Queue the fault');

  expect(await act(page, ASK, ASK)).toMatch(/^A redirect, /);
  expect(emulator.requests).toMatchObject([{ path: '/users/auth-code', fault: 'redirect' }]);
});

test('shows what createUser fails with, each reason in the words of the SDK', async () => {
  const { page } = await visit(await startEmulator());
  const reasons = choice(page, 'Queue a fault', 'Reason');
  await ask(page, 'user-1001');
  await choice(page, 'Queue a fault', 'Fault').selectOption('createUser fails');

  const offered = await reasons.getByRole('option').allInnerTexts();
  expect(offered).toHaveLength(7);
  for (const reason of offered) {
    await reasons.selectOption(reason);
    await act(page, 'Queue a fault', 'Queue the fault');
    expect(await redeem(page, 'a phone', 'phone-1')).toMatch(new RegExp(`^${reason}: \\w+`));
  }
  expect(await redeem(page, 'a phone', 'phone-1')).toMatch(/^A new Sentiance user/);
});

test("tells of an app that forgets the platform's URL", async () => {
  const { page } = await visit(await startEmulator());
  await ask(page, 'user-1001');
  const passed = choice(page, 'Redeem a code', 'Platform URL that the app passes');
  await passed.selectOption('none, so the SDK takes the EU’s');
  expect(await redeem(page, 'a phone', 'phone-1')).toMatch(/^SERVER_ERROR: /);

  await passed.selectOption('the emulator’s, as it should');
  expect(await redeem(page, 'a phone', 'phone-1')).toMatch(/^A new Sentiance user/);
});

test('clears the queue, puts the clock back and resets everything', async () => {
  const emulator = await startEmulator({ now: () => NOW });
  const { page } = await visit(emulator);
  await ask(page, 'user-1001');
  await redeem(page, 'a phone', 'phone-1');
  await queueFault(page, 'a web page');

  expect(await act(page, 'The queue', 'Clear the queue')).toBe('The queue is empty.');
  await action(page, 'The queue').getByText('Empty: all goes well.').waitFor();

  await act(page, 'Move the clock on', 'Move the clock on');
  const back = await act(page, 'Put the clock back', 'Put the clock back');
  expect(back).toBe('It is 03:04:05 now.');

  await act(page, 'Reset everything', 'Reset everything');
  await region(page, 'Users and devices').getByText('No Sentiance users yet').waitFor();
  await region(page, 'Codes').getByText('No codes yet').waitFor();
  await region(page, 'Requests').getByText('No requests yet').waitFor();
  await statusLine(page, /^Live$/);
});

test('says that nobody has the device that is to be reset', async () => {
  const { page } = await visit(await startEmulator());

  const result = await act(page, 'Reset a device', 'Reset the device');
  expect(result).toMatch(/^404: No user is on a device/);
});
