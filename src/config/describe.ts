/** What kinds of objects are passed in the wrong place; by their tags, since realms have classes each. */
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
  const tag = Object.prototype.toString.call(value).slice('[object '.length, -1);
  return KINDS.get(tag) ?? 'an object';
}

/** As `describe`, but says of a number why it is not in the range. */
export function describeLimit(value: unknown): string {
  if (typeof value !== 'number') return describe(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return 'infinite';
  return value < 0 ? 'negative' : 'out of range';
}
