/** The two values that go into every request: checked, or refused without being shown. */
import { describe } from './describe.js';
import { SentianceConfigurationError, SentianceInvalidExternalIdError } from './errors.js';

/** The external id as it is to be sent: unchanged, or refused before anything is sent. */
export function checkExternalId(externalId: unknown): string {
  if (typeof externalId === 'number' || typeof externalId === 'bigint') {
    throw new SentianceInvalidExternalIdError(
      `externalId must be a string, but it is a ${typeof externalId}. Convert it where the id is ` +
        'created or read, with String(id): a number above 2^53 has lost digits already, and would ' +
        "link somebody else's user.",
    );
  }
  if (typeof externalId !== 'string') {
    throw new SentianceInvalidExternalIdError(
      `externalId must be a string, but it is ${describe(externalId)}. Pass your own platform's id of the user.`,
    );
  }
  if (externalId.trim() === '') {
    throw new SentianceInvalidExternalIdError(
      "externalId is blank. Pass your own platform's id of the user.",
    );
  }
  if (!externalId.isWellFormed()) {
    throw new SentianceInvalidExternalIdError(
      'externalId is not well-formed Unicode: half of a surrogate pair stands alone in it, as when ' +
        'a string was cut in the middle of a character. Pass the whole id.',
    );
  }
  return externalId;
}

/** The key as it goes into the header, or an error that says what is wrong and never shows it. */
export function checkApiKey(value: unknown, source: string, accepted = 'a string'): string {
  if (typeof value !== 'string') {
    throw new SentianceConfigurationError(
      `${source} must be ${accepted}, but it is ${describe(value)}.`,
    );
  }
  const key = value.trim();
  if (key === '') {
    throw new SentianceConfigurationError(
      `${source} is empty. Give the API key with the user-link scope from the Sentiance console.`,
    );
  }
  if (/^bearer(\s|$)/i.test(key)) {
    throw new SentianceConfigurationError(
      `${source} starts with "Bearer ". Give the key alone: the client adds the prefix.`,
    );
  }
  if (/[\r\n]/.test(key)) {
    throw new SentianceConfigurationError(
      `${source} has a line break inside it. Give one key, on one line.`,
    );
  }
  // Checked here because fetch's own error for a bad header prints the whole header.
  if (!/^[\x20-\x7e]+$/.test(key)) {
    throw new SentianceConfigurationError(
      `${source} has a character that cannot stand in an HTTP header. Copy the key again from where it is kept: it is plain ASCII.`,
    );
  }
  return key;
}
