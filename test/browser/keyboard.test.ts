import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { action, region, resultOf, row, startEmulator, visit } from './support/visit.js';

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, wanted: ReturnType<Page['locator']>): Promise<void> {
  for (let n = 0; n < 80; n += 1) {
    await page.keyboard.press('Tab');
    if (await isFocused(wanted)) return;
  }
  throw new Error(`Tab does not lead to ${wanted}.`);
}

async function isFocused(element: ReturnType<Page['locator']>): Promise<boolean> {
  return (await element.and(element.page().locator(':focus')).count()) === 1;
}

test('a login, and a logout, by keyboard alone', async () => {
  const { page } = await visit(await startEmulator());
  const ask = action(page, 'Ask for a code');
  const redeem = action(page, 'Redeem a code');

  await tabTo(page, ask.getByLabel('External id'));
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.type('user-42');
  await page.keyboard.press('Enter');
  expect(await resultOf(page, 'Ask for a code')).toMatch(/^200: a code/);
  expect(await isFocused(ask.getByLabel('External id'))).toBe(true);

  await tabTo(page, redeem.getByRole('button', { name: 'Redeem the code' }));
  await page.keyboard.press('Space');
  expect(await resultOf(page, 'Redeem a code')).toMatch(/^A new Sentiance user/);
  expect(await isFocused(redeem.getByRole('button', { name: 'Redeem the code' }))).toBe(true);

  const users = region(page, 'Users and devices');
  await tabTo(page, users.getByRole('button', { name: 'Reset… phone-1' }));
  await page.keyboard.press('Enter');
  const reset = action(page, 'Reset a device').getByRole('button', { name: 'Reset the device' });
  expect(await isFocused(reset)).toBe(true);
  await page.keyboard.press('Enter');
  expect(await resultOf(page, 'Reset a device')).toBe('phone-1 has no user any more.');
  expect(await isFocused(reset)).toBe(true);

  await tabTo(page, row(page, 'Codes', 'user-42').getByRole('button'));
  await page.keyboard.press('Enter');
  expect(await isFocused(redeem.getByLabel('Device id'))).toBe(true);
});

test('focus that loses its row goes to the heading of the list', async () => {
  const emulator = await startEmulator();
  const { page } = await visit(emulator);
  await tabTo(page, action(page, 'Ask for a code').getByLabel('External id'));
  await page.keyboard.press('Enter');
  await tabTo(page, row(page, 'Codes', 'user-1001').getByRole('button'));

  emulator.reset();
  await region(page, 'Codes').getByText('No codes yet').waitFor();

  expect(await isFocused(page.getByRole('heading', { name: 'Codes' }))).toBe(true);
});

test('says results and the state of the connection to a screen reader', async () => {
  const { page } = await visit(await startEmulator());

  await page.getByRole('status').filter({ hasText: 'Live' }).waitFor();
  await page.getByRole('button', { name: 'Ask for a code', exact: true }).click();
  const said = page.getByRole('status').filter({ hasText: '200: a code' });
  await said.waitFor();
  const table = page.getByRole('table', { name: 'Requests' });
  await table.getByRole('row').filter({ hasText: 'user-1001' }).waitFor();
  expect(await table.getByRole('columnheader').allInnerTexts()).toEqual([
    'Time UTC',
    'External id',
    'Result',
    'By',
    'Took',
  ]);
});
