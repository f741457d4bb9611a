import { expect, test } from 'vitest';
import {
  act,
  askForCode,
  NOW,
  region,
  row,
  startEmulator,
  statusLine,
  visit,
} from './support/visit.js';

const REGIONS = ['Users and devices', 'Codes', 'Requests'] as const;

test('two tabs show the same change, whichever it is made in', async () => {
  const emulator = await startEmulator();
  const { page: first, newTab } = await visit(emulator);
  const second = await newTab();

  await act(first, 'Ask for a code', 'Ask for a code');
  await row(second, 'Codes', 'user-1001').getByText('valid').waitFor();

  await act(second, 'Redeem a code', 'Redeem the code');
  for (const tab of [first, second]) {
    await region(tab, 'Users and devices').getByText('phone-1').waitFor();
    await row(tab, 'Codes', 'user-1001').getByText('by phone-1').waitFor();
  }
});

test('shows what a backend does as it happens', async () => {
  const emulator = await startEmulator();
  const { page } = await visit(emulator);

  const code = await askForCode(emulator, 'user-7');
  await row(page, 'Requests', 'user-7').getByText('a code').waitFor();
  emulator.createUser(code, { id: 'tablet-7', type: 'tablet' });
  await region(page, 'Users and devices').getByText('tablet-7').waitFor();
  emulator.advance(11 * 60_000);
  emulator.failNext({ type: 'hang' }, 3);
  await page.getByText('× 3').waitFor();
});

test('counts a code down until it has expired, without being told', async () => {
  const { page } = await visit(await startEmulator({ codeLifetime: 2_000 }));

  await act(page, 'Ask for a code', 'Ask for a code');
  await row(page, 'Codes', 'user-1001')
    .getByText(/^0:0[12] left$/)
    .waitFor();
  await row(page, 'Codes', 'user-1001').getByText('expired').waitFor();
});

test('says when the emulator has gone, and goes on when it was started again', async () => {
  const emulator = await startEmulator();
  const port = Number(new URL(emulator.url).port);
  const { page } = await visit(emulator, { mayLose: true });
  await act(page, 'Ask for a code', 'Ask for a code');
  await row(page, 'Codes', 'user-1001').waitFor();

  await emulator.close();
  await statusLine(page, /does not respond/);
  expect(await act(page, 'Ask for a code', 'Ask for a code')).toMatch(/^No response: /);

  const another = await startEmulator({ apiKey: 'another-key', now: () => NOW }, port);
  await statusLine(page, /^Live again\. The emulator was restarted and begins empty\.$/);
  await region(page, 'Codes').getByText('No codes yet').waitFor();
  expect(await act(page, 'Ask for a code', 'Ask for a code')).toMatch(/^200: a code/);
  expect(another.requests).toMatchObject([{ status: 200 }]);
});

test('leaves connections to others while nobody looks at it', async () => {
  const emulator = await startEmulator();
  const { page, newTab } = await visit(emulator);
  const setHidden = (hidden: boolean) =>
    page.evaluate(`
      Object.defineProperty(document, 'hidden', { value: ${hidden}, configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));`);
  await setHidden(true);

  // A browser has six connections to a server, and each page in view keeps one.
  const others = [];
  for (let n = 0; n < 5; n += 1) others.push(await newTab());
  await act(page, 'Ask for a code', 'Ask for a code');
  await Promise.all(others.slice(0, 4).map((tab) => tab.close()));

  await setHidden(false);
  await askForCode(emulator, 'user-2');
  await row(page, 'Codes', 'user-2').waitFor();
  for (const name of REGIONS) await region(page, name).waitFor();
});
