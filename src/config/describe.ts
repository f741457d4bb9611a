/** Kinds of objects that are passed in the wrong place, by their tags: each realm has its own classes. */
const KINDS = new Map([
  ['AbortSignal', 'an AbortSignal'],
  ['Array', 'an array'],
  ['Date', 'a Date'],
  ['Error', 'an error'],
  ['Map', 'a Map'],
  ['Promise', 'a promise'],
  ['Set', 'a Set'],
  ['URL', 'a URL'],
]);

/** Says what kind of thing a value is, and never the value. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value !== 'object') return `a ${typeof value}`;
  try {
    const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
    return KINDS.get(tag) ?? 'an object';
  } catch {
    // A revoked proxy has no tag.
    return 'an object';
  }
}
