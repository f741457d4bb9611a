/** `JSON.parse` without its error, which quotes the text; `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object with its own fields alone: a polluted prototype must not lend a response a code. */
export function ownFields<T>(json: T): T {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  return isObject ? Object.assign(Object.create(null), json) : json;
}
