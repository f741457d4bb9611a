import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { act, askForCode, region, startEmulator, visit } from './support/visit.js';

const VIEWS = [
  ['light', 1_440],
  ['light', 360],
  ['dark', 1_440],
  ['dark', 360],
] as const;

/** What axe finds, as short lines. */
async function violationsOn(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const found = await page.evaluate(`axe.run().then(({ violations }) => violations.flatMap(
    ({ id, nodes }) => nodes.map(({ target, failureSummary }) => [id, target, failureSummary].join(' | '))))`);
  if (!Array.isArray(found)) throw new Error('axe gave no list.');
  return found;
}

describe.each(VIEWS)('in %s at %d px', (colorScheme, width) => {
  test('axe finds nothing wrong with the page, neither empty nor in use', async () => {
    const emulator = await startEmulator();
    const { page } = await visit(emulator, { colorScheme, viewport: { width, height: 900 } });
    expect(await violationsOn(page)).toEqual([]);

    for (const id of ['phone-1', 'phone-2']) {
      emulator.createUser(await askForCode(emulator, 'user-1001'), { id });
    }
    emulator.failNext({ type: 'status', status: 503 }, 2);
    await act(page, 'Ask for a code', 'Ask for a code');
    for (let n = 0; n < 60; n += 1) await askForCode(emulator, `user-${n}`);
    emulator.failNext({ type: 'hang' });
    await act(page, 'Queue a fault', 'Queue the fault');
    await act(page, 'Reset a device', 'Reset the device');
    await region(page, 'Requests').getByText('user-59').waitFor();
    expect(await violationsOn(page)).toEqual([]);
  });

  test('nothing is cut off or needs scrolling sideways', async () => {
    const emulator = await startEmulator();
    const { page } = await visit(emulator, { colorScheme, viewport: { width, height: 900 } });
    const long = 'a-very-long-external-id-without-a-break-'.repeat(6);
    emulator.createUser(await askForCode(emulator, long), { id: long });
    await askForCode(emulator, long);
    emulator.failNext({ type: 'status', status: 503, message: long });
    await region(page, 'Users and devices')
      .getByText('switched off')
      .or(region(page, 'Users and devices').getByText('active', { exact: true }))
      .waitFor();

    const wide =
      await page.evaluate(`[...document.querySelectorAll('body, body *')].filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (left < 0 || right > innerWidth + 0.5);
    }).map((element) => element.outerHTML.slice(0, 80))`);
    expect(wide).toEqual([]);
  });
});
