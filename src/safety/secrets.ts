/** Whether a text tells of a secret: the one question that all that is shown has to pass. */

/** Longer secrets are not compared, since that takes time: then every text counts as telling. */
const MAX_SECRET_LENGTH = 1_000;
/** So many characters in a row give a secret away, or the whole of a shorter one … */
const TELLING_RUN = 8;
/** … from this length on: two letters stand in every other word by chance. */
const SHORTEST_SECRET = 3;

/** The secrets of a call, which its errors and events must not show: API key and external id. */
export class Secrets {
  readonly #secrets: readonly string[];
  #traces: Traces | undefined;

  constructor(apiKey: string, externalId: string) {
    this.#secrets = [apiKey, externalId].map((secret) => secret.trim());
  }

  /**
   * Whether a text shares eight characters in a row with a secret, contains a shorter one, or is a
   * word out of one; as they are, or by letters and digits alone without case and accents. A secret
   * is also looked for in base64 and hexadecimal.
   *
   * @param before Letters that are shown before the text: a secret may come in pieces.
   */
  areToldBy(text: string, before = ''): boolean {
    if (this.#secrets.some((secret) => secret.length > MAX_SECRET_LENGTH)) return true;
    // Made when an error response is first shown, which most calls never do.
    this.#traces ??= tracesOf(this.#secrets);
    const { words, short, runs } = this.#traces;
    const folded = fold(text);
    if (/^[a-z]{3,}$/.test(folded) && words.includes(folded)) return true;
    return [before + folded, text.toLowerCase()].some(
      (form) =>
        short.some((trace) => form.includes(trace)) || runsOf(form).some((run) => runs.has(run)),
    );
  }
}

/** The forms in which the secrets may be shown. */
interface Traces {
  /** Each secret by its letters and digits. */
  words: string;
  /** Forms that tell as a whole. */
  short: readonly string[];
  /** The telling runs of longer forms. */
  runs: ReadonlySet<string>;
}

function tracesOf(secrets: readonly string[]): Traces {
  const compared = secrets.filter((secret) => secret.length >= SHORTEST_SECRET);
  const forms = compared.flatMap(formsOf).filter((form) => form !== '');
  return {
    words: compared.map(fold).join('\n'),
    short: forms.filter((form) => form.length < TELLING_RUN),
    runs: new Set(forms.flatMap(runsOf)),
  };
}

function formsOf(secret: string): string[] {
  const lower = secret.toLowerCase();
  const folded = fold(secret);
  const bytes = new TextEncoder().encode(secret);
  const digits = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
  const spellings = new Set([secret]);
  if (secret.length < TELLING_RUN) {
    // In base64, another case is another text; of a longer one, it does not look like a word.
    for (const text of [lower, secret.toUpperCase(), folded, folded.toUpperCase()]) {
      spellings.add(text);
    }
  }
  return [lower, folded, digits, ...[...spellings].flatMap(base64FormsOf)];
}

function runsOf(text: string): string[] {
  const runs: string[] = [];
  for (let end = TELLING_RUN; end <= text.length; end += 1) {
    runs.push(text.slice(end - TELLING_RUN, end));
  }
  return runs;
}

/** Capitals first: `ß` is `SS` there, as in a name that somebody writes in capitals. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toUpperCase()
    .toLowerCase()
    .replaceAll(/[^a-z\d]+/g, '');
}

/**
 * By letters and digits, since a server may change the case. Three, since what stands before a secret
 * moves its bits: `base64('Bearer ' + key)`.
 */
function base64FormsOf(secret: string): string[] {
  return [0, 1, 2].map((shift) => {
    const bytes = new TextEncoder().encode('-'.repeat(shift) + secret);
    // The digits at both ends are made of other bytes too.
    const end = Math.floor((bytes.length * 8) / 6);
    const digits = btoa(String.fromCharCode(...bytes));
    return fold(digits.slice(shift === 0 ? 0 : shift + 1, end));
  });
}
