/** Reads the arguments of a command. Nothing is repeated that could be a key in the wrong place. */
import { parseArgs } from 'node:util';
import { didYouMean } from '../config/nearest-word.js';

export interface Flag {
  /** Without the dashes. */
  name: string;
  /** What stands for its value in the help; a flag without one is on or off. */
  value?: string;
  help: string;
}

/** The command was not called as it must be. */
export class UsageError extends Error {}

const HELP: Flag = { name: 'help', help: 'Print this.' };

export class Arguments {
  readonly operands: readonly string[];
  readonly #flags: readonly Flag[];
  readonly #values: ReadonlyMap<string, readonly string[]>;

  /** @throws {UsageError} Unless it is help that is asked for. */
  constructor(args: string[], flags: readonly Flag[]) {
    this.#flags = [...flags, HELP];
    const { tokens } = parseArgs({
      args,
      // All is checked here: the messages of parseArgs repeat what they are about.
      strict: false,
      tokens: true,
      options: Object.fromEntries(
        this.#flags.map(({ name, value }) => [
          name,
          {
            type: value === undefined ? 'boolean' : 'string',
            ...(name === 'help' ? { short: 'h' } : {}),
          } as const,
        ]),
      ),
    });
    const values = new Map<string, string[]>();
    const operands: string[] = [];
    const isHelp = tokens.some((token) => token.kind === 'option' && token.name === 'help');
    for (const token of tokens) {
      if (token.kind === 'positional') operands.push(token.value);
      if (token.kind !== 'option' || (isHelp && token.name !== 'help')) continue;
      const value = this.#valueOf(token);
      values.set(token.name, [...(values.get(token.name) ?? []), value]);
    }
    // `-- help` is an operand.
    if (operands[0] === 'help' && args[0] === 'help') values.set('help', ['']);
    this.operands = operands;
    this.#values = values;
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** The value of a flag; the last one, when it stands there twice. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  /** Every value of a flag. */
  texts(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** @throws {UsageError} It is not a whole number in this range. */
  number(name: string, [from, to]: readonly [number, number]): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= from && value <= to) return value;
    throw new UsageError(`--${name} must be a whole number from ${from} to ${to}.`);
  }

  /** @throws {UsageError} It is no key of this object. */
  oneOf<T extends object>(name: string, allowed: T): keyof T | undefined {
    const text = this.text(name);
    if (text === undefined || isKeyOf(allowed, text)) return text;
    throw new UsageError(`--${name} must be one of ${Object.keys(allowed).join(', ')}.`);
  }

  #valueOf(token: {
    name: string;
    rawName: string;
    value: string | undefined;
    inlineValue: boolean | undefined;
  }): string {
    const { name, rawName, value, inlineValue } = token;
    const flag = this.#flags.find((known) => known.name === name);
    if (flag === undefined) throw new UsageError(this.#unknown(rawName));
    if (flag.value === undefined) {
      if (value === undefined) return '';
      throw new UsageError(`--${name} takes no value.`);
    }
    if (value === undefined) throw new UsageError(`--${name} needs a value: ${flag.value}.`);
    if (inlineValue !== true && value.startsWith('-')) {
      throw new UsageError(
        `--${name} needs a value: ${flag.value}. One that begins with a dash is written --${name}=-….`,
      );
    }
    return value;
  }

  #unknown(rawName: string): string {
    const names = this.#flags.map(({ name }) => `--${name}`);
    return unknownWord('flag', rawName, names);
  }
}

function isKeyOf<T extends object>(table: T, key: PropertyKey): key is keyof T {
  return Object.hasOwn(table, key);
}

/** Says that there is no such flag or command; and which, where that looks like a word. */
export function unknownWord(kind: string, word: string, known: readonly string[]): string {
  const looksLikeWord =
    word.length <= 24 && /^(--)?[a-z]{1,12}(-[a-z]{1,12}){0,2}$|^-[a-z]$/i.test(word);
  if (!looksLikeWord) return `unknown ${kind}.`;
  return `unknown ${kind} ${word}.${didYouMean(word, known)}`;
}
