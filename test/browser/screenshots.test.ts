import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { expect, onTestFinished, test } from 'vitest';
import { smallPng } from './support/small-png.js';
import { act, action, askForCode, NOW, region, type Visit, visit } from './support/visit.js';

const DOCS = new URL('../../docs/', import.meta.url);
const MOST_BYTES = 200_000;

/** On the port that the command line takes, if it is free: it stands in the curl lines. */
async function emulatorWithAStory(): Promise<SentianceEmulator> {
  const emulator = new SentianceEmulator({ controlRoutes: true, now: () => NOW });
  onTestFinished(() => emulator.close());
  await emulator.listen({ port: 8787 }).catch(() => emulator.listen());
  const login = async (externalId: string, id: string, type: 'phone' | 'tablet' = 'phone') =>
    emulator.createUser(await askForCode(emulator, externalId), { id, type });
  await askForCode(emulator, 'user-1001');
  await login('user-1001', 'phone-1');
  emulator.advance(4 * 60_000 + 12_000);
  await login('user-1001', 'phone-2');
  await login('user-1001', 'tablet-1', 'tablet');
  emulator.advance(6 * 60_000 + 5_000);
  await login('user-2002', 'phone-3');
  await askForCode({ url: emulator.url, apiKey: 'wrong-key' }, 'user-3003');
  emulator.failNext({ type: 'status', status: 429, retryAfter: 7 });
  await askForCode(emulator, 'user-3003');
  emulator.advance(34_000);
  await askForCode(emulator, 'user-3003');
  emulator.failNext({ type: 'status', status: 503 }, 2);
  emulator.failNext({ type: 'hang' });
  return emulator;
}

/** Durations and the countdown are all that differ from run to run. */
async function holdStill({ page }: Visit): Promise<void> {
  await page.clock.setFixedTime(NOW);
  await page.route('**/_emulator/state', async (route) => {
    const response = await route.fetch();
    const state = await response.json();
    for (const request of state.requests) request.duration = 2;
    await route.fulfill({ response, json: state });
  });
  await page.reload();
  await region(page, 'Requests').getByText('2 ms').first().waitFor();
}

async function take({ page }: Visit, name: string): Promise<void> {
  const path = fileURLToPath(new URL(name, DOCS));
  const png = smallPng(await page.screenshot({ animations: 'disabled', caret: 'hide' }));
  expect(png.length).toBeLessThan(MOST_BYTES);
  writeFileSync(path, png);
  await page.unrouteAll({ behavior: 'wait' });
}

test('are taken of the same story: wide in light, narrow in dark', async () => {
  const emulator = await emulatorWithAStory();
  const narrow = await visit(emulator, {
    colorScheme: 'dark',
    viewport: { width: 360, height: 1_400 },
  });
  await holdStill(narrow);
  await region(narrow.page, 'Users and devices').evaluate((it) => it.scrollIntoView());
  await take(narrow, 'emulator-dark-narrow.png');

  const wide = await visit(emulator, {
    colorScheme: 'light',
    viewport: { width: 1_440, height: 1_230 },
  });
  await holdStill(wide);
  await action(wide.page, 'Redeem a code').getByLabel('Device id').fill('phone-2');
  const result = await act(wide.page, 'Redeem a code', 'Redeem the code');
  expect(result).toMatch(/^USER_ALREADY_EXISTS/);
  await wide.page.mouse.move(0, 0);
  await take(wide, 'emulator-light.png');
});
