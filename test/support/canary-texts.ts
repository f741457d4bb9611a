/** The secrets that tests plant, and the search for them in a text. */
import texts from './canaries.json';

/**
 * Only letters, digits and hyphens: they look the same in JSON, in a URL and in a header. They stand
 * in a file of their own for scripts that run elsewhere: a crash shows the line of code that threw,
 * and no secret may stand in it.
 */
export const CANARIES: Readonly<Record<keyof typeof texts, string>> = texts;

/** Stands at both ends of each canary, so that half of one is noticed too. */
const MARK = 'c4nary';

/** The names of the canaries in a text, in upper or lower case. */
export function canariesIn(text: string): string[] {
  let rest = text.toLowerCase();
  const found: string[] = [];
  for (const [name, canary] of Object.entries(CANARIES)) {
    if (!rest.includes(canary)) continue;
    found.push(name);
    rest = rest.replaceAll(canary, '');
  }
  return rest.includes(MARK) ? [...found, 'a part of a canary'] : found;
}
