/** Which part of the platform's `message` is shown. */
import type { Secrets } from './secrets.js';

/** More characters are not read, and more words are not shown. */
const MAX_READ = 4_000;
const MAX_WORDS = 40;

/** Letters as prose writes them (`word`, `Word`, `WORD`), within the punctuation of prose. */
const PLAIN_WORD = /^["'([]{0,2}([A-Za-z][a-z]{0,23}|[A-Z]{2,24})[.,:;!?"')\]]{0,3}$/;
const HIDDEN = '…';

/**
 * The plain words of a message, on one line, with `…` for all else: a digit, a sign or an unusual
 * case may be of a key, an id or a code, whoever's it is. `undefined` when no word is left.
 */
export function shownMessage(message: string | undefined, secrets: Secrets): string | undefined {
  if (message === undefined) return undefined;
  const parts = message.slice(0, MAX_READ).split(/\s+/);
  // The cut may have gone through a word.
  if (message.length > MAX_READ) parts.splice(-1, 1, HIDDEN);
  const shown: string[] = [];
  let letters = '';
  let words = 0;
  for (const part of parts) {
    const word = PLAIN_WORD.exec(part)?.[1];
    const isHarmless = word !== undefined && !secrets.areToldBy(word, letters);
    if (isHarmless && words < MAX_WORDS) {
      shown.push(part);
      letters = (letters + word.toLowerCase()).slice(-7);
      words += 1;
    } else if (part !== '' && shown.at(-1) !== HIDDEN) {
      shown.push(HIDDEN);
      if (words === MAX_WORDS) break;
    }
  }
  const text = shown.join(' ');
  return words === 0 || secrets.areToldBy(text) ? undefined : text;
}
