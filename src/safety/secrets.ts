/** Whether a text tells of a secret: the one question that all that is shown has to pass. */

/** Longer secrets are not compared: any text could be a part of them, so nothing is shown. */
const MAX_SECRET_LENGTH = 10_000;
/** So many characters in a row give a secret away, or the whole of a shorter one … */
const TELLING_RUN = 8;
/** … from this length on: two letters stand in every other word by chance. */
const SHORTEST_SECRET = 3;

/** What must not be shown in a call's errors and events: its API key and external id. */
export class Secrets {
  readonly #secrets: readonly string[];
  #forms: Forms[] | undefined;

  constructor(...secrets: string[]) {
    this.#secrets = secrets;
  }

  /**
   * Whether a text shares eight characters in a row with a secret, contains a shorter one, or is a
   * word out of one. Case, accents and everything but letters and digits are ignored, and the secret
   * is also looked for in base64 and hexadecimal.
   */
  areToldBy(text: string): boolean {
    if (this.#secrets.some((secret) => secret.length > MAX_SECRET_LENGTH)) return true;
    // Made when an error response is first shown, which most calls never do.
    this.#forms ??= this.#secrets.map(formsOf);
    const folded = fold(text);
    return this.#forms.some((forms) => isToldBy(text, folded, forms));
  }
}

interface Forms {
  /** As it was passed, for one without letters and digits, such as `***`. */
  plain: string;
  folded: string;
  /** The folded secret, its base64 and its hexadecimal digits. */
  encoded: readonly string[];
}

function formsOf(secret: string): Forms {
  const plain = secret.trim();
  const folded = fold(plain);
  const bytes = new TextEncoder().encode(plain);
  return { plain, folded, encoded: [folded, ...base64Forms(bytes), hexadecimal(bytes)] };
}

function isToldBy(
  text: string,
  folded: string,
  { plain, folded: secret, encoded }: Forms,
): boolean {
  if (plain.length >= SHORTEST_SECRET && text.includes(plain)) return true;
  if (isWord(folded) && secret.includes(folded)) return true;
  return encoded.some((form) => sharesRun(folded, form));
}

function isWord(folded: string): boolean {
  return /^[a-z]{3,}$/.test(folded);
}

function sharesRun(text: string, secret: string): boolean {
  if (secret.length < SHORTEST_SECRET) return false;
  const run = Math.min(TELLING_RUN, secret.length);
  for (let start = 0; start + run <= text.length; start += 1) {
    if (secret.includes(text.slice(start, start + run))) return true;
  }
  return false;
}

/** Capitals first: `ß` is `SS` there, as in a name that somebody writes in capitals. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '');
}

/** Of three, since what stands before a secret moves its bits: `base64('Bearer ' + key)`. */
function base64Forms(bytes: Uint8Array): string[] {
  return [0, 1, 2].map((shift) => {
    const shifted = new Uint8Array(shift + bytes.length);
    shifted.set(bytes, shift);
    // The digits at both ends are made of other bytes too.
    const end = Math.floor(((shift + bytes.length) * 8) / 6);
    return fold(btoa(String.fromCharCode(...shifted)).slice(shift === 0 ? 0 : shift + 1, end));
  });
}

function hexadecimal(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
