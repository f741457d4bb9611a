/**
 * What tests pass to the testing tools, checked as the client checks its options: what is misspelt
 * would make a test pass that tests nothing. Faults are `TypeError`s, since they are the test's.
 */
import { describe } from '../config/describe.js';
import { didYouMean } from '../config/nearest-word.js';
import { type Given, readOptions } from '../config/options-object.js';
import { readFunction } from '../config/values.js';

/** The options that were given, by their names. */
export function readTestOptions<Name extends string>(
  options: unknown,
  names: readonly Name[],
  owner: string,
): Given<Name> {
  return readOptions(options, names, `The options of ${owner}`, TypeError);
}

export function refuseUnknownFields(
  subject: string,
  value: object | null,
  names: readonly string[],
): void {
  const unknown = Object.keys(value ?? {}).find((name) => !names.includes(name));
  if (unknown === undefined) return;
  throw new TypeError(
    `${subject} has no field '${unknown}'.${didYouMean(unknown, names)} Its fields: ${names.join(', ') || 'none'}.`,
  );
}

/** The `now` option. */
export function readClock(owner: string, now: unknown): (() => number) | undefined {
  return readFunction<() => number>(`${owner}: now`, now, TypeError);
}

export function readTexts(name: string, value: unknown): readonly string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return [...value];
  const shown = Array.isArray(value) ? 'holds something else' : `is ${describe(value)}`;
  throw new TypeError(`${name} must be an array of strings, but it ${shown}.`);
}
