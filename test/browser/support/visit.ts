/** An emulator, and visits to its page in a real browser. */
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { SentianceEmulator, type SentianceEmulatorOptions } from 'sentiance-user-link/testing';
import { afterAll, expect, inject, onTestFinished } from 'vitest';

export const NOW = Date.parse('2030-01-02T03:04:05.678Z');

/** Longer than any response takes, so that a test fails with what it waited for. */
const LONGEST_WAIT = 10_000;

let browser: Promise<Browser> | undefined;
afterAll(async () => (await browser)?.close());

/** An emulator with its page, on any port; it is closed at the end of the test. */
export async function startEmulator(
  options: SentianceEmulatorOptions = {},
  port = 0,
): Promise<SentianceEmulator> {
  const emulator = new SentianceEmulator({ controlRoutes: true, ...options });
  await emulator.listen({ port });
  onTestFinished(() => emulator.close());
  return emulator;
}

export interface Visit {
  page: Page;
  /** Another tab of the same browser. */
  newTab(): Promise<Page>;
  /** What a visitor should never cause; must be empty at the end, and is checked then. */
  problems: string[];
}

/** Opens the emulator's page in a profile of its own, and waits until it is live. */
export async function visit(
  { url }: SentianceEmulator,
  options: BrowserContextOptions & { mayLose?: boolean } = {},
): Promise<Visit> {
  const { mayLose = false, ...contextOptions } = options;
  browser ??= chromium.connect(inject('chromium'));
  const context = await (await browser).newContext({ reducedMotion: 'reduce', ...contextOptions });
  context.setDefaultTimeout(LONGEST_WAIT);
  const problems: string[] = [];
  onTestFinished(async () => {
    await context.close();
    expect(problems).toEqual([]);
  });
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== url) problems.push(`asked for ${request.url()}`);
  });
  context.on('response', (response) => {
    const isBad = response.request().method() === 'GET' && response.status() >= 400;
    if (isBad) problems.push(`${response.status()} for ${response.url()}`);
  });
  context.on('weberror', (error) => problems.push(String(error.error())));
  context.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) && !isExpected(message.text(), mayLose)) {
      problems.push(message.text());
    }
  });
  const newTab = async () => {
    const page = await context.newPage();
    await page.goto(url);
    await statusLine(page, /^Live$/);
    return page;
  };
  return { page: await newTab(), newTab, problems };
}

/** The browser itself logs each response that is an error, and each that does not come. */
function isExpected(text: string, mayLose: boolean): boolean {
  const refused = /the server responded with a status of [45]|net::ERR_EMPTY_RESPONSE/;
  const lost = /net::ERR_(CONNECTION_REFUSED|INCOMPLETE_CHUNKED_ENCODING)/;
  return refused.test(text) || (mayLose && lost.test(text));
}

export function region(page: Page, name: 'Users and devices' | 'Codes' | 'Requests') {
  return page.getByRole('region', { name });
}

/** The card of an action, by its heading. */
export function action(page: Page, heading: string) {
  return page.locator('form').filter({ has: page.getByRole('heading', { name: heading }) });
}

/** A select of an action. By its name: the text of its label holds its options too. */
export function choice(page: Page, heading: string, name: string) {
  return action(page, heading).getByRole('combobox', { name, exact: true });
}

/** The curl line that an action shows. */
export async function curlLine(page: Page, heading: string): Promise<string> {
  return (await action(page, heading).locator('.curl').textContent()) ?? '';
}

/** Clicks an action's button, and gives the result that it shows. */
export async function act(page: Page, heading: string, button: string): Promise<string> {
  const form = action(page, heading);
  await form.getByRole('button', { name: button, exact: true }).click();
  return resultOf(page, heading);
}

export async function resultOf(page: Page, heading: string): Promise<string> {
  const result = action(page, heading)
    .getByRole('status')
    .filter({ hasText: /\S/, hasNotText: 'Waiting' });
  await result.waitFor();
  return (await result.textContent()) ?? '';
}

export async function statusLine(page: Page, text: RegExp): Promise<void> {
  await page.locator('#connection').filter({ hasText: text }).waitFor();
}

/** The row of a list that shows this text. */
export function row(page: Page, list: Parameters<typeof region>[1], text: string | RegExp) {
  const rows = list === 'Requests' ? 'row' : 'listitem';
  return region(page, list).getByRole(rows).filter({ hasText: text });
}

/** Asks the emulator for a code as a backend does, behind the page's back. */
export async function askForCode(
  { url, apiKey }: Pick<SentianceEmulator, 'url' | 'apiKey'>,
  externalId: string,
): Promise<string> {
  const response = await fetch(`${url}/users/auth-code`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ external_id: externalId }),
  });
  const { authentication_code: code } = JSON.parse(await response.text());
  return code;
}
