/** `emulator`: the platform on this machine, until Ctrl-C. */
import { type EmulatedRequest, SentianceEmulator } from 'sentiance-user-link/testing';
import { type Arguments, UsageError } from './arguments.js';
import type { Command, ExitStatus } from './command.js';
import { banner } from './emulator-banner.js';
import { type Output, paint } from './output.js';

const DEFAULT_PORT = 8_787;
const DEFAULT_LIFETIME = 600;

export const emulator: Command = {
  name: 'emulator',
  summary: 'Run an emulator of the Sentiance platform, with a page to look at, until Ctrl-C.',
  details: `Runs an emulator of the Sentiance platform until Ctrl-C: for your backend, for curl, and with a page
that shows users, devices, codes and requests as they happen. It needs no account.`,
  flags: [
    { name: 'port', value: '<n>', help: `Default ${DEFAULT_PORT}; 0 for any free one.` },
    {
      name: 'host',
      value: '<host>',
      help: 'Default 127.0.0.1; 0.0.0.0 for all networks of this machine.',
    },
    {
      name: 'api-key',
      value: '<key>',
      help: 'The key that it accepts. Default test-user-link-key.',
    },
    {
      name: 'expired-key',
      value: '<key>',
      help: 'A key that was good once (401); may be repeated.',
    },
    {
      name: 'key-without-scope',
      value: '<key>',
      help: 'A key that may not link users (403); may be repeated.',
    },
    {
      name: 'code-lifetime',
      value: '<s>',
      help: `Seconds that a code lives. Default ${DEFAULT_LIFETIME}.`,
    },
  ],
  run,
};

async function run(given: Arguments, output: Output): Promise<ExitStatus> {
  if (given.operands.length > 0) throw new UsageError('emulator takes flags only.');
  const port = given.number('port', [0, 65_535]) ?? DEFAULT_PORT;
  const host = notBlank(given, 'host') ?? '127.0.0.1';
  const lifetime = given.number('code-lifetime', [1, 31_536_000]) ?? DEFAULT_LIFETIME;
  const platform = new SentianceEmulator({
    apiKey: notBlank(given, 'api-key'),
    expiredKeys: given.texts('expired-key'),
    keysWithoutScope: given.texts('key-without-scope'),
    codeLifetime: lifetime * 1_000,
    controlRoutes: true,
    onRequest: (request) => {
      if (!isOnlyLooking(request)) output.out(logLine(request, output));
    },
  });
  try {
    await platform.listen({ port, host });
  } catch (error) {
    output.err(`sentiance-user-link: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
  const stopped = untilStopped();
  output.out(banner(platform, { host, lifetime }));
  await stopped;
  await platform.close();
  output.out('Stopped.');
  return 0;
}

function notBlank(given: Arguments, name: string): string | undefined {
  const text = given.text(name);
  if (text?.trim() === '') throw new UsageError(`--${name} is empty.`);
  return text;
}

/** The page asks for the state whenever it changes: a line for each would hide the others. */
function isOnlyLooking({ method, path, api, status }: EmulatedRequest): boolean {
  return (
    api === undefined && method === 'GET' && status < 400 && /^\/(_emulator|$|favicon)/.test(path)
  );
}

function logLine({ method, path, status, fault, reason }: EmulatedRequest, output: Output): string {
  const time = new Date().toISOString().slice(11, 19);
  const style = status >= 200 && status < 300 ? 'green' : 'red';
  const shown = fault === undefined ? reason : `${reason} (${fault})`;
  return `${time} ${method} ${path} ${paint(output, style, shown)}`;
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
