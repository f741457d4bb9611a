import type { SentianceEmulator } from 'sentiance-user-link/testing';
import { expect, test } from 'vitest';
import { act, askForCode, region, row, startEmulator, visit } from './support/visit.js';

async function fill(emulator: SentianceEmulator, last: number, first = 1): Promise<void> {
  for (let n = first; n <= last; n += 1) {
    const id = String(n).padStart(4, '0');
    emulator.createUser(await askForCode(emulator, `user-${id}`), { id: `phone-${id}` });
  }
}

test('stays usable with 1,000 users and 1,000 requests', async () => {
  const emulator = await startEmulator();
  await fill(emulator, 1_000);
  const { page } = await visit(emulator);
  const users = region(page, 'Users and devices');

  await users.getByRole('heading', { name: '1,000' }).waitFor();
  for (const list of ['Users and devices', 'Codes', 'Requests'] as const) {
    expect(await region(page, list).getByRole('button', { name: /^Re/ }).count()).toBeLessThan(51);
  }
  expect(await page.locator('*').count()).toBeLessThan(2_500);

  await users.getByRole('button', { name: 'Show 50 more of 950' }).click();
  await users.getByText('phone-0901', { exact: true }).waitFor();

  await users.getByRole('searchbox').fill('PHONE-0007');
  await users.getByRole('heading', { name: 'user-0007' }).waitFor();
  await users.getByText('1 of 1,000').waitFor();
  expect(await users.locator('.device').count()).toBe(1);

  expect(await act(page, 'Ask for a code', 'Ask for a code')).toMatch(/^200: a code/);
  await row(page, 'Requests', 'user-1001').waitFor();
}, 60_000);

test('offers an older code again when its row is chosen', async () => {
  const emulator = await startEmulator();
  for (let n = 1; n <= 120; n += 1) await askForCode(emulator, `user-${n}.`);
  const { page } = await visit(emulator);
  const codes = region(page, 'Codes');
  await codes.getByRole('searchbox').fill('user-3.');

  await row(page, 'Codes', 'user-3.').getByRole('button').click();
  await act(page, 'Redeem a code', 'Redeem the code');

  expect(emulator.users).toMatchObject([{ externalId: 'user-3.' }]);
});

test('keeps the focus on a row while others come', async () => {
  const emulator = await startEmulator();
  await fill(emulator, 2);
  const { page } = await visit(emulator);
  const button = region(page, 'Users and devices').getByRole('button', {
    name: 'Reset… phone-0002',
  });
  await button.focus();

  await fill(emulator, 20, 3);
  await region(page, 'Users and devices').getByText('user-0020').waitFor();

  expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Reset… phone-0002');
});
