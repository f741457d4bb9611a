/** The part of an error response's fields that is shown. */
import { shownErrorCode, shownRef } from './identifiers.js';
import { shownMessage } from './platform-message.js';
import type { Secrets } from './secrets.js';

export interface ErrorFields {
  readonly message: string | undefined;
  readonly errorCode: string | undefined;
  readonly ref: string | undefined;
}

const NOTHING: ErrorFields = { message: undefined, errorCode: undefined, ref: undefined };

export function shownFields(said: ErrorFields, secrets: Secrets): ErrorFields {
  const fields = {
    message: shownMessage(said.message, secrets),
    errorCode: shownErrorCode(said.errorCode, secrets),
    ref: shownRef(said.ref, secrets),
  };
  // A secret may come in pieces, one in each field: here each stands before each other one.
  const { message = '', errorCode = '', ref = '' } = fields;
  const joined = [message, errorCode, ref, message, ref, errorCode, message].join('');
  return joined !== '' && secrets.areToldBy(joined) ? NOTHING : fields;
}
