import { SentianceEmulator } from 'sentiance-user-link/testing';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { issueCode } from '../../support/emulator.js';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

/** Listens to an emulator; what came so far, and the way to go. */
async function listenTo(emulator: SentianceEmulator) {
  const page = new AbortController();
  onTestFinished(() => page.abort());
  const { signal } = page;
  const response = await emulator.handle(
    new Request('http://localhost/_emulator/events', { signal }),
  );
  const lines: string[] = [];
  const ended = readAll(response, (text) => lines.push(text));
  const events = () => lines.filter((text) => text.startsWith('event: state\ndata: ')).length;
  return { response, lines, events, ended, leave: () => page.abort() };
}

async function readAll({ body }: Response, got: (text: string) => void): Promise<void> {
  for await (const chunk of body ?? []) got(new TextDecoder().decode(chunk));
}

const newEmulator = () => new SentianceEmulator({ controlRoutes: true });

test('a page hears at once, and after each change', async () => {
  const emulator = newEmulator();
  const { response, events } = await listenTo(emulator);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  await vi.advanceTimersByTimeAsync(0);
  expect(events()).toBe(1);

  const { authenticationCode } = await issueCode(emulator, 'user-1');
  const changes = [
    () => emulator.createUser(authenticationCode, { id: 'phone-1' }),
    () => emulator.resetDevice('phone-1'),
    () => emulator.failNext({ type: 'hang' }),
    () => emulator.clearFaults(),
    () => emulator.advance(1),
    () => emulator.resetClock(),
    () => emulator.reset(),
    () => emulator.handle(new Request('http://localhost/_emulator/reset', { method: 'POST' })),
  ];
  await vi.advanceTimersByTimeAsync(200);
  for (const change of changes) {
    const before = events();
    await change();
    await vi.advanceTimersByTimeAsync(200);
    expect(events()).toBe(before + 1);
  }
});

test('a flood of changes gives ten events a second, the last of them after the last change', async () => {
  const emulator = newEmulator();
  const { events } = await listenTo(emulator);
  await vi.advanceTimersByTimeAsync(0);

  for (let n = 0; n < 1_000; n += 1) {
    emulator.advance(1);
    await vi.advanceTimersByTimeAsync(1);
  }
  const during = events();
  emulator.advance(1);
  await vi.advanceTimersByTimeAsync(200);

  expect(during).toBeGreaterThanOrEqual(10);
  expect(during).toBeLessThanOrEqual(12);
  expect(events()).toBe(during + 1);
});

test('silence is broken by a comment', async () => {
  const { lines, events } = await listenTo(newEmulator());

  await vi.advanceTimersByTimeAsync(20_000);

  expect(events()).toBe(1);
  expect(lines.slice(1)).toEqual([':\n\n', ':\n\n', ':\n\n', ':\n\n']);
});

test('looking changes nothing', async () => {
  const emulator = newEmulator();
  const { events } = await listenTo(emulator);

  await emulator.handle(new Request('http://localhost/_emulator/state'));
  await vi.advanceTimersByTimeAsync(200);

  expect(events()).toBe(1);
});

test('a hundred pages may listen; when one leaves, another may come', async () => {
  const emulator = newEmulator();
  const pages = await Promise.all(Array.from({ length: 100 }, () => listenTo(emulator)));
  expect((await listenTo(emulator)).response.status).toBe(503);

  pages[0]?.leave();
  await pages[0]?.ended;

  expect((await listenTo(emulator)).response.status).toBe(200);
});

test('a page that cancels its stream has left', async () => {
  const emulator = newEmulator();
  const request = () => emulator.handle(new Request('http://localhost/_emulator/events'));
  const pages = await Promise.all(Array.from({ length: 100 }, request));
  expect((await request()).status).toBe(503);

  await Promise.all(pages.map(({ body }) => body?.cancel()));

  expect((await request()).status).toBe(200);
});

test('an emulator closes although a page listens', async () => {
  vi.useRealTimers();
  const emulator = newEmulator();
  const response = await fetch(`${await emulator.listen()}/_emulator/events`);
  const ended = readAll(response, () => {});

  await emulator.close();

  await expect(ended).rejects.toThrow('terminated');
});
