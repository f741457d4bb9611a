/** The command line: finds the command, and says how to call it when that went wrong. */
import { version } from '../../package.json';
import { Arguments, UsageError, unknownWord } from './arguments.js';
import { check } from './check.js';
import { code } from './code.js';
import type { Command, ExitStatus } from './command.js';
import { demo } from './demo.js';
import { emulator } from './emulator.js';
import { helpOf, overview } from './help.js';
import type { Output } from './output.js';

const COMMANDS: readonly Command[] = [demo, emulator, check, code];
const WORDS = [...COMMANDS.map(({ name }) => name), 'help', '--help', '--version'];

/** Runs a command and gives the exit status. */
export async function main(args: string[], output: Output): Promise<ExitStatus> {
  const [name, ...rest] = args;
  const command = COMMANDS.find((known) => known.name === name);
  try {
    if (command !== undefined) return await run(command, rest, output);
    if (name === '-v' || name === '--version') output.out(version);
    else if (name === undefined || name === '-h' || name === '--help')
      output.out(overview(COMMANDS));
    else if (name === 'help') output.out(helpOn(rest[0]));
    else throw new UsageError(unknownWord(name.startsWith('-') ? 'flag' : 'command', name, WORDS));
    return 0;
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    output.err(`sentiance-user-link: ${error.message}`);
    output.err('See sentiance-user-link --help.');
    return 2;
  }
}

async function run(command: Command, args: string[], output: Output): Promise<ExitStatus> {
  const given = new Arguments(args, command.flags);
  if (!given.has('help')) return command.run(given, output);
  output.out(helpOf(command));
  return 0;
}

function helpOn(name: string | undefined): string {
  if (name === undefined || ['help', '-h', '--help'].includes(name)) return overview(COMMANDS);
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) throw new UsageError(unknownWord('command', name, WORDS));
  return helpOf(command);
}
