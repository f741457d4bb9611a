import { SentianceInvalidExternalIdError } from '../errors.js';
import { describe } from './describe.js';

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
