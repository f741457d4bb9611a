/** The texts of `help`. */
import type { Flag } from './arguments.js';
import type { Command } from './command.js';

const WIDTH = 26;

export function overview(commands: readonly Command[]): string {
  return `Usage: sentiance-user-link <command> [flags]

Commands:
${commands.map(({ name, operands, summary }) => row([name, operands].filter(Boolean).join(' '), summary)).join('\n')}
${row('help <command>', 'Print what a command takes; also: <command> --help.')}

${row('-h, --help', 'Print this.')}
${row('-v, --version', 'Print the version.')}

The API key comes from the environment variable SENTIANCE_USER_LINK_API_KEY, never from an argument.
Exit status: 0 done, 1 no code (or no emulator), 2 wrong usage.`;
}

export function helpOf({ name, operands, details, flags }: Command): string {
  const usage = ['Usage: sentiance-user-link', name, operands, '[flags]'].filter(Boolean).join(' ');
  return `${usage}

${details}

Flags:
${[...flags, { name: 'help', help: 'Print this; also -h.' }].map(flagRow).join('\n')}`;
}

function flagRow({ name, value, help }: Flag): string {
  return row(value === undefined ? `--${name}` : `--${name} ${value}`, help);
}

function row(left: string, right: string): string {
  const indent = `\n  ${' '.repeat(WIDTH)}`;
  const start = left.length < WIDTH ? left.padEnd(WIDTH) : `${left}${indent}`;
  return `  ${start}${right.replaceAll('\n', indent)}`;
}
