/** What others send is kept in part, so that no flood of it fills the memory. */

/** The most characters of an external id, or of a path, that are kept to be shown. */
const MAX_SHOWN = 256;

/** The text, or its beginning and `…`. */
export function shortened(text: string): string {
  if (text.length <= MAX_SHOWN) return text;
  // By way of bytes: a slice, or a slice and more, would keep the whole text in memory.
  return Buffer.from(`${text.slice(0, MAX_SHOWN - 1)}…`).toString();
}
