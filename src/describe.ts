/** Says what kind of thing a value is, and never the value. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === 'object') return describeObject(value);
  return `a ${typeof value}`;
}

/** As `describe`, but says of a number why it is not in the range. */
export function describeLimit(value: unknown): string {
  if (typeof value !== 'number') return describe(value);
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return 'infinite';
  return value < 0 ? 'negative' : 'out of range';
}

function describeObject(value: object): string {
  try {
    if (Array.isArray(value)) return 'an array';
    return Symbol.iterator in value ? 'an iterable' : 'an object';
  } catch {
    // A revoked proxy.
    return 'an object';
  }
}
