/** A command: what it takes, and what it does. */
import type { Arguments, Flag } from './arguments.js';
import type { Output } from './output.js';

/** 0 done, 1 no code (or no emulator), 2 wrong usage. */
export type ExitStatus = 0 | 1 | 2;

export interface Command {
  name: string;
  /** What follows the flags, for the help. */
  operands?: string;
  summary: string;
  /** The help's paragraph. */
  details: string;
  flags: readonly Flag[];
  run(given: Arguments, output: Output): Promise<ExitStatus>;
}
