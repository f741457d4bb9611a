/** What a text may be another way to write of. */

const HEXADECIMAL = /^[\da-f]{6,}$/i;
const BASE64 = /^[\w+/-]{4,}$/;
/** Not what random bytes come to. */
const READABLE = /^[^\p{C}\ufffd]+$/u;

/** What comes out when a text is read as hexadecimal or base64, once or twice. */
export function decodingsOf(text: string): string[] {
  const digits = text.replaceAll('-', '');
  if (HEXADECIMAL.test(digits)) return [fromHexadecimal(digits), fromHexadecimal(digits.slice(1))];
  if (!BASE64.test(text)) return [];
  const decoded = fromBase64(text);
  return READABLE.test(decoded) ? [decoded, ...decodingsOf(decoded)] : [];
}

function fromHexadecimal(digits: string): string {
  const pairs = digits.match(/../g) ?? [];
  return utf8(pairs.map((pair) => Number.parseInt(pair, 16)));
}

function fromBase64(text: string): string {
  // Of both alphabets. A digit that is left over says nothing.
  const digits = text.replaceAll('-', '+').replaceAll('_', '/');
  const binary = atob(digits.length % 4 === 1 ? digits.slice(0, -1) : digits);
  return utf8(Array.from(binary, (byte) => byte.charCodeAt(0)));
}

function utf8(bytes: readonly number[]): string {
  return new TextDecoder().decode(Uint8Array.from(bytes));
}
