/** `code`: asks for one code and prints it. */
import type { AuthenticationCode, SentianceError } from 'sentiance-user-link';
import { type Arguments, UsageError } from './arguments.js';
import {
  ASKING_FLAGS,
  type Asked,
  ask,
  describeAttempt,
  readOptions,
  WHAT_TO_DO,
} from './asking.js';
import type { Command, ExitStatus } from './command.js';
import { inCommandWords } from './command-words.js';
import type { Output } from './output.js';

export const code: Command = {
  name: 'code',
  operands: '<externalId>',
  summary: 'Ask for one authentication code, and print it.',
  details: `Asks for one authentication code for your id of a user, and prints it. The API key comes from the
environment variable SENTIANCE_USER_LINK_API_KEY, never from an argument.`,
  flags: [...ASKING_FLAGS, { name: 'json', help: 'Print JSON.' }],
  run,
};

async function run(given: Arguments, output: Output): Promise<ExitStatus> {
  const [externalId, ...others] = given.operands;
  if (externalId === undefined || others.length > 0) {
    throw new UsageError('code takes one external id.');
  }
  const { result, attempts } = await ask(readOptions(given), externalId);
  const isJson = given.has('json');
  if (result.ok) {
    output.out(isJson ? JSON.stringify(result.value) : describeCode(result.value));
    return 0;
  }
  const failed = { error: result.error, attempts };
  output.err(isJson ? failureInJson(failed) : describeFailure(failed));
  return 1;
}

function describeCode({ authenticationCode, expiresAt, platformUrl }: AuthenticationCode): string {
  return `Code:          ${authenticationCode}
Expires at:    ${expiresAt.toISOString()}
Platform URL:  ${platformUrl}`;
}

interface Failed extends Pick<Asked, 'attempts'> {
  error: SentianceError;
}

function describeFailure({ error, attempts }: Failed): string {
  return [
    `No code: ${error.code}`,
    inCommandWords(error.message),
    ...attempts.map(describeAttempt),
    `What to do: ${WHAT_TO_DO[error.action]}`,
  ].join('\n');
}

/** The error as the library gives it, in the command's words, and what its attempts met. */
function failureInJson({ error, attempts }: Failed): string {
  const message = inCommandWords(error.message);
  return JSON.stringify({ ...error.toJSON(), message, attemptEvents: attempts });
}
