/** The command line: an emulator to work against by hand, and a check of a key and a region. */
import { parseArgs } from 'node:util';
import {
  type AuthenticationCode,
  type AuthenticationCodeResult,
  SENTIANCE_REGIONS,
  type SentianceApi,
  SentianceConfigurationError,
  type SentianceError,
  type SentianceErrorAction,
  type SentianceRegion,
  SentianceUserLinkClient,
  type SentianceUserLinkClientOptions,
} from 'sentiance-user-link';
import { type EmulatedRequest, SentianceEmulator } from 'sentiance-user-link/testing';
import { version } from '../../package.json';

const HELP = `Usage: sentiance-user-link <command> [options]

Commands:
  emulator              Run an emulator of the Sentiance platform, until Ctrl-C.
    --port <n>            Default 8787; 0 for any free port.
    --host <host>         Default 127.0.0.1.
    --api-key <key>       The key that it accepts. Default test-user-link-key.
    --code-lifetime <s>   Seconds that a code lives. Default 600.

  code <externalId>     Ask for one authentication code. The API key comes from the environment
                        variable SENTIANCE_USER_LINK_API_KEY, never from an argument.
    --region <region>     eu, us or in. Default: SENTIANCE_REGION, else eu.
    --base-url <url>      A platform URL in place of a region.
    --api <api>           rest or graphql. Default rest.
    --timeout <ms>        Limit of the whole call. Default 5000.
    --json                Print JSON.

  --help                Print this.
  --version             Print the version.

Exit status: 0 done, 1 no code (or no emulator), 2 wrong usage.
`;

/** Where the command line prints to. */
export interface Output {
  out(line: string): void;
  err(line: string): void;
}

type ExitStatus = 0 | 1 | 2;

class UsageError extends Error {}

/** Runs a command and gives the exit status. */
export async function main(args: string[], output: Output): Promise<ExitStatus> {
  const [command, ...rest] = args;
  try {
    switch (command) {
      case 'emulator':
        return await runEmulator(rest, output);
      case 'code':
        return await runCode(rest, output);
      case '--version':
        output.out(version);
        return 0;
      case '--help':
        output.out(HELP);
        return 0;
      default:
        throw new UsageError(command === undefined ? 'no command' : 'unknown command');
    }
  } catch (error) {
    if (!(error instanceof UsageError) && !isParseError(error)) throw error;
    output.err(`sentiance-user-link: ${error.message}`);
    output.err('See sentiance-user-link --help.');
    return 2;
  }
}

async function runEmulator(args: string[], output: Output): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args,
    // Refused below: parseArgs would repeat it, and it may be a key that lacks its flag.
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      'api-key': { type: 'string' },
      'code-lifetime': { type: 'string', default: '600' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    output.out(HELP);
    return 0;
  }
  if (positionals.length > 0) throw new UsageError('emulator takes options only.');
  const port = readNumber('--port', values.port, 0, 65_535);
  const lifetime = readNumber('--code-lifetime', values['code-lifetime'], 1, 31_536_000);
  if (values['api-key']?.trim() === '') throw new UsageError('--api-key is empty.');
  const emulator = new SentianceEmulator({
    apiKey: values['api-key'],
    codeLifetime: lifetime * 1_000,
    controlRoutes: true,
    onRequest: (request) => output.out(logLine(request)),
  });
  try {
    await emulator.listen({ port, host: values.host });
  } catch (error) {
    output.err(`sentiance-user-link: ${error instanceof Error ? error.message : error}`);
    return 1;
  }
  output.out(welcome(emulator, lifetime));
  await untilStopped();
  await emulator.close();
  output.out('Stopped.');
  return 0;
}

function welcome({ url, apiKey }: SentianceEmulator, lifetime: number): string {
  return `Sentiance platform emulator, until Ctrl-C
  URL:      ${url}
  API key:  ${apiKey}
  A code lives ${lifetime} seconds.

Ask for a code, as your backend does:
  curl -s ${url}/users/auth-code -H 'Authorization: Bearer ${apiKey}' -H 'Content-Type: application/json' -d '{"external_id":"user-1001"}'
Redeem it, as the SDK in your app does:
  curl -s ${url}/_emulator/users -d '{"authenticationCode":"<the code>","device":{"id":"phone-1","type":"phone"}}'

More: /_emulator/state, /_emulator/clock, /_emulator/faults, /_emulator/devices/<id>/reset; see README.
`;
}

function logLine({ method, path, status, fault }: EmulatedRequest): string {
  const time = new Date().toISOString().slice(11, 19);
  const response = status === 0 ? 'no response' : status;
  return `${time} ${method} ${path} ${response}${fault === undefined ? '' : ` (fault: ${fault})`}`;
}

function untilStopped(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}

async function runCode(args: string[], output: Output): Promise<ExitStatus> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      region: { type: 'string' },
      'base-url': { type: 'string' },
      api: { type: 'string' },
      timeout: { type: 'string' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    output.out(HELP);
    return 0;
  }
  const [externalId, ...others] = positionals;
  if (externalId === undefined || others.length > 0) {
    throw new UsageError('code takes one external id.');
  }
  const flags = {
    region: readRegion(values.region),
    baseUrl: values['base-url'],
    api: readApi(values.api),
    timeout:
      values.timeout === undefined
        ? undefined
        : readNumber('--timeout', values.timeout, 1, 2_147_483_647),
  };
  checkFlags(flags);
  const result = await askForCode(flags, externalId);
  if (result.ok) {
    output.out(values.json ? JSON.stringify(result.value) : describeCode(result.value));
    return 0;
  }
  output.err(values.json ? JSON.stringify(result.error) : describeError(result.error));
  return 1;
}

function readRegion(text: string | undefined): SentianceRegion | undefined {
  if (text === undefined || isRegion(text)) return text;
  throw new UsageError(`--region must be one of ${Object.keys(SENTIANCE_REGIONS).join(', ')}.`);
}

function readApi(text: string | undefined): SentianceApi | undefined {
  if (text === undefined || text === 'rest' || text === 'graphql') return text;
  throw new UsageError('--api must be rest or graphql.');
}

function isRegion(text: string): text is SentianceRegion {
  return Object.hasOwn(SENTIANCE_REGIONS, text);
}

type Flags = Pick<SentianceUserLinkClientOptions, 'region' | 'baseUrl' | 'api' | 'timeout'>;

/** Tells wrong usage from a bad environment: with a key and a region, the flags must be right. */
function checkFlags(flags: Flags): void {
  const { region, baseUrl } = flags;
  const platform: Flags = region === undefined && baseUrl === undefined ? { region: 'eu' } : {};
  const client = construct({ apiKey: 'placeholder', ...flags, ...platform });
  if (client instanceof SentianceConfigurationError) throw new UsageError(client.message);
}

async function askForCode(flags: Flags, externalId: string): Promise<AuthenticationCodeResult> {
  const client = construct(flags);
  if (client instanceof SentianceConfigurationError) return { ok: false, error: client };
  return client.tryCreateAuthenticationCode(externalId);
}

function construct(
  options: SentianceUserLinkClientOptions,
): SentianceUserLinkClient | SentianceConfigurationError {
  try {
    return new SentianceUserLinkClient(options);
  } catch (error) {
    // The constructor throws nothing else.
    if (!(error instanceof SentianceConfigurationError)) throw error;
    return error;
  }
}

function describeCode({ authenticationCode, expiresAt, platformUrl }: AuthenticationCode): string {
  return `Code:          ${authenticationCode}
Expires at:    ${expiresAt.toISOString()}
Platform URL:  ${platformUrl}`;
}

const WHAT_TO_DO: Record<SentianceErrorAction, string> = {
  alert: 'change what the message says; it does not pass by itself.',
  retry_later: 'try again later.',
  fix_input: 'pass another external id.',
  none: 'nothing.',
};

function describeError(error: SentianceError): string {
  return `No code: ${error.code}
${error.message}
What to do: ${WHAT_TO_DO[error.action]}`;
}

function readNumber(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`${name} must be a whole number from ${min} to ${max}.`);
}

function isParseError(error: unknown): error is Error {
  return (
    error instanceof Error &&
    'code' in error &&
    typeof error.code === 'string' &&
    error.code.startsWith('ERR_PARSE_ARGS')
  );
}
