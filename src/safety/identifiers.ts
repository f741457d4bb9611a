/** Which identifiers of the platform's are shown: an `errorCode`, and the `ref` for support. */
import type { Secrets } from './secrets.js';

const CAPITALS = /^[A-Z_]{1,64}$/;
const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;
/** Sixteen bytes of readable ASCII: no UUID, but a text in hexadecimal, whatever it says. */
const TEXT = /^([2-7][\da-f]){16}$/i;

export function shownErrorCode(code: string | undefined, secrets: Secrets): string | undefined {
  return shownIf(CAPITALS, code, secrets);
}

export function shownRef(ref: string | undefined, secrets: Secrets): string | undefined {
  const isText = ref !== undefined && TEXT.test(ref.replaceAll('-', ''));
  return isText ? undefined : shownIf(UUID, ref, secrets);
}

function shownIf(form: RegExp, text: string | undefined, secrets: Secrets): string | undefined {
  return text !== undefined && form.test(text) && !secrets.areToldBy(text) ? text : undefined;
}
