/** `demo`: the whole story on one machine, or with the real platform. */
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { type Arguments, UsageError } from './arguments.js';
import { API_FLAG, construct, readApi } from './asking.js';
import type { Command, ExitStatus } from './command.js';
import { inCommandWords } from './command-words.js';
import { login } from './demo-login.js';
import { tellStory } from './demo-story.js';
import type { Output } from './output.js';

export const demo: Command = {
  name: 'demo',
  summary: 'Play signup, login and failures on an emulator; needs no account.',
  details: `Plays the whole story against an emulator on this machine: signup, logins on other devices, expiry, and
what a login handler sees when there is no code. It needs no account, and asks nobody else.`,
  flags: [
    {
      name: 'live',
      value: '<externalId>',
      help: 'Ask the real platform for one code instead, with the key and\nthe region of the environment.',
    },
    { ...API_FLAG, help: `With --live: ${API_FLAG.help}` },
  ],
  run,
};

async function run(given: Arguments, output: Output): Promise<ExitStatus> {
  if (given.operands.length > 0) throw new UsageError('demo takes flags only.');
  const api = readApi(given);
  const externalId = given.text('live');
  if (externalId === undefined) {
    await tellStory(output);
    return 0;
  }
  const client = construct({ api });
  if (!(client instanceof SentianceUserLinkClient)) {
    output.err(`sentiance-user-link: ${inCommandWords(client.message)}`);
    return 1;
  }
  output.out(`Asking ${client.platformUrl} for a code.`);
  return (await login(output, client, externalId)) === undefined ? 1 : 0;
}
