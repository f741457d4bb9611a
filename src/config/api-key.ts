import { SentianceConfigurationError } from '../errors.js';
import { ENVIRONMENT } from '../options.js';
import { describe } from './describe.js';
import { readEnvironment } from './environment.js';
import { isFunction } from './values.js';

/** The key, or the function that is asked for it at every call. */
export type ApiKeySource = string | (() => string | Promise<string>);

/** Faults of a key, and the advice for each; the first that matches is named. */
const FAULTS: readonly [RegExp, string][] = [
  [
    /^$/,
    "is empty. Give the API key with the user-link scope from Sentiance's Insights Control Tower.",
  ],
  [
    /^(["'`]).*\1$/s,
    'is in quotes. Give the key alone: some env files keep the quotes as part of the value.',
  ],
  [/^bearer(\s|$)/i, 'starts with "Bearer ". Give the key alone: the client adds the prefix.'],
  [/[\r\n]/, 'has a line break inside it. Give one key, on one line.'],
  [
    // Found here because fetch's own error for a bad header prints the whole header.
    /[^\x20-\x7e]/,
    'has a character that cannot stand in an HTTP header. Copy the key again from where it is kept: it is plain ASCII.',
  ],
];

export function readApiKeySource(option: unknown): ApiKeySource {
  if (isFunction<() => string | Promise<string>>(option)) return option;
  if (option !== undefined) {
    return checkApiKey(option, 'apiKey', 'a string, or a function that gives one');
  }
  const fromEnvironment = readEnvironment(ENVIRONMENT.apiKey);
  if (fromEnvironment !== undefined) {
    return checkApiKey(fromEnvironment, `The environment variable ${ENVIRONMENT.apiKey}`);
  }
  throw new SentianceConfigurationError(
    `apiKey is missing. Pass apiKey, or set the environment variable ${ENVIRONMENT.apiKey}, to a key with the user-link scope from Sentiance's Insights Control Tower.`,
  );
}

/** The key as it goes into the header, or an error that says what is wrong and never shows it. */
export function checkApiKey(value: unknown, source: string, accepted = 'a string'): string {
  if (typeof value !== 'string') {
    throw new SentianceConfigurationError(
      `${source} must be ${accepted}, but it is ${describe(value)}.`,
    );
  }
  const key = value.trim();
  for (const [pattern, fault] of FAULTS) {
    if (pattern.test(key)) throw new SentianceConfigurationError(`${source} ${fault}`);
  }
  return key;
}
