/** `check`: whether the key is good, here. */
import {
  type AnySentianceError,
  SentianceConfigurationError,
  type SentianceUserLinkClientOptions,
} from 'sentiance-user-link';
import { type Arguments, UsageError } from './arguments.js';
import {
  ASKING_FLAGS,
  ask,
  construct,
  describeAttempt,
  readOptions,
  WHAT_TO_DO,
} from './asking.js';
import type { Command, ExitStatus } from './command.js';
import { inCommandWords } from './command-words.js';
import { type Output, paint } from './output.js';

const OWN_ID = 'sentiance-user-link-check';

export const check: Command = {
  name: 'check',
  summary: 'Find out whether the API key is good, here.',
  details: `Asks for a code, prints no code, and says whether the API key of the environment variable
SENTIANCE_USER_LINK_API_KEY is good on this platform, and what to do. No user is made by it.`,
  flags: [
    ...ASKING_FLAGS,
    {
      name: 'external-id',
      value: '<id>',
      help: `The id that a code is asked for. Default ${OWN_ID}.`,
    },
  ],
  run,
};

async function run(given: Arguments, output: Output): Promise<ExitStatus> {
  if (given.operands.length > 0) throw new UsageError('check takes flags only.');
  const options = readOptions(given);
  for (const line of describePlatform(options)) output.out(line);
  const { result, attempts } = await ask(options, given.text('external-id') ?? OWN_ID);
  for (const attempt of attempts) output.out(describeAttempt(attempt));
  if (result.ok) {
    output.out(
      paint(output, 'green', 'Verdict: good. The key is accepted here, and may link users.'),
    );
    output.out('What to do: nothing.');
    return 0;
  }
  const { error } = result;
  output.out(paint(output, isOpen(error) ? 'yellow' : 'red', verdict(error)));
  output.out(inCommandWords(error.message));
  output.out(`What to do: ${WHAT_TO_DO[error.action]}`);
  return 1;
}

function describePlatform(options: SentianceUserLinkClientOptions): string[] {
  const client = construct({ ...options, apiKey: 'none' });
  // The call says what is wrong.
  if (client instanceof SentianceConfigurationError) return [];
  const region = client.region ?? 'none, since a URL is given';
  return [
    `Platform URL: ${client.platformUrl}`,
    `Region: ${region} (${sourceOf(options)})`,
    `Asked by: ${options.api === 'graphql' ? 'GraphQL' : 'REST'}`,
  ];
}

/** Where the platform was chosen, in the order that the client looks. */
function sourceOf({ region, baseUrl }: SentianceUserLinkClientOptions): string {
  if (baseUrl !== undefined) return 'from the flag --base-url';
  if (region !== undefined) return 'from the flag --region';
  for (const name of ['SENTIANCE_BASE_URL', 'SENTIANCE_REGION']) {
    if (process.env[name]?.trim()) return `from the environment variable ${name}`;
  }
  return 'the default';
}

/** Whether the platform has said nothing about the key. */
function isOpen({ action, code }: AnySentianceError): boolean {
  return action === 'retry_later' || ['connection_failed', 'invalid_external_id'].includes(code);
}

function verdict(error: AnySentianceError): string {
  if (isOpen(error))
    return `Verdict: not known. The platform has not judged the key (${error.code}).`;
  return `Verdict: not good (${error.code}).`;
}
