import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import {
  act,
  action,
  askForCode,
  choice,
  curlLine,
  region,
  row,
  startEmulator,
  visit,
} from './support/visit.js';

const run = promisify(execFile);

/** Each would set the title of the page if it ran. */
const IMAGE = `<img src=x onerror="document.title='owned'">`;
const BREAKOUT = `"></option></select><script>document.title='owned'</script>'`;

test('shows an id that is HTML as text, and never runs it', async () => {
  const emulator = await startEmulator();
  const { page } = await visit(emulator);
  for (const id of [IMAGE, BREAKOUT]) {
    emulator.createUser(await askForCode(emulator, id), { id: `device ${id}` });
    await askForCode(emulator, id);
  }
  for (const id of [IMAGE, BREAKOUT]) {
    emulator.failNext({ type: 'status', status: 400, message: id, errorCode: id });
  }

  for (const id of [IMAGE, BREAKOUT]) {
    await region(page, 'Users and devices').getByRole('heading', { name: id }).waitFor();
    await region(page, 'Users and devices').getByText(`device ${id}`, { exact: true }).waitFor();
    await row(page, 'Codes', id).first().waitFor();
    await row(page, 'Requests', id).first().waitFor();
    await action(page, 'The queue').getByText(`message ${id}`).first().waitFor();
  }
  // The message of a response, too.
  const result = await act(page, 'Ask for a code', 'Ask for a code');
  expect(result).toBe(`400 ${IMAGE}: ${IMAGE}`);

  expect(await page.title()).toBe('Sentiance emulator');
  expect(await page.locator('img').count()).toBe(0);
  expect(await page.locator('script').count()).toBe(1);
});

test.each([
  ['quotes and substitutions', `it's "$(touch /tmp/owned)" \`id\` \\ !!`],
  ['line breaks', 'a\nb\r\n\tc'],
  ['letters of other scripts', 'тест-用户-🚗'],
])('shows a curl line that asks for the same id: %s', async (_what, id) => {
  const emulator = await startEmulator();
  const { page } = await visit(emulator);
  const form = action(page, 'Ask for a code');
  for (const api of ['REST', 'GraphQL']) {
    await choice(page, 'Ask for a code', 'By').selectOption(api);
    await form.getByLabel('External id').fill(id);
    const typed = await form.getByLabel('External id').inputValue();

    const { stdout } = await run('sh', ['-c', await curlLine(page, 'Ask for a code')]);

    expect(stdout).toMatch(/"authentication_code":"[0-9a-f]{128}"/);
    expect(emulator.requests.at(-1)).toMatchObject({ externalId: typed, status: 200 });
  }
});

test('shows for every other action a curl line that does the same', async () => {
  const emulator = await startEmulator();
  const { page } = await visit(emulator);
  await act(page, 'Ask for a code', 'Ask for a code');
  const curl = async (heading: string): Promise<unknown> => {
    const { stdout } = await run('sh', ['-c', await curlLine(page, heading)]);
    return JSON.parse(stdout);
  };
  const odd = "it's a phone/1?%#";
  await action(page, 'Redeem a code').getByLabel('Device id').fill(odd);
  await action(page, 'Reset a device').getByLabel('Device id').fill(odd);

  expect(await curl('Redeem a code')).toMatchObject({ restored: false, active: true });
  expect(await curl('Reset a device')).toEqual({ deviceId: odd });
  expect(await curl('Queue a fault')).toMatchObject({ fault: { type: 'status', status: 503 } });
  await action(page, 'The queue').getByText('× 1').waitFor();
  expect(await curl('The queue')).toEqual({ faults: [] });
  const before = emulator.now;
  expect(await curl('Move the clock on')).toHaveProperty('now');
  expect(emulator.now - before).toBeGreaterThanOrEqual(660_000);
  expect(await curl('Put the clock back')).toHaveProperty('now');
  expect(emulator.now - before).toBeLessThan(660_000);
  await curl('Reset everything');
  expect(emulator.users).toEqual([]);
  expect(await page.locator('form').count()).toBe(8);
});
