/**
 * Whether a secret can be read in what somebody sees, judged without the code that is under test: the
 * texts are decoded in every usual way, twice, and the secret is looked for in each result.
 */

/** So many characters of a secret in a row give it away, or a shorter one as a whole. */
const RUN = 8;

/** The parts of a secret that can be read in one of the texts, or in some of them together. */
export function readableParts(secret: string, texts: readonly string[]): string[] {
  const readings = [...inEveryOrder(texts), ...texts.flatMap(decoded)].flatMap(spellings);
  return partsOf(secret).filter((part) => readings.some((reading) => reading.includes(part)));
}

/** What gives a secret away, as it is and by its letters and digits alone. */
export function partsOf(secret: string): string[] {
  const plain = secret.trim();
  if (plain.length < 3) return [];
  return [
    ...new Set(
      spellings(plain)
        .filter((form) => form.length >= 3)
        .flatMap(runsOf),
    ),
  ];
}

function spellings(text: string): string[] {
  const lower = text.toLowerCase();
  const unaccented = text.normalize('NFKD').replace(/\p{M}/gu, '').toUpperCase().toLowerCase();
  return [lower, unaccented.replace(/[^a-z0-9]/g, '')];
}

function runsOf(text: string): string[] {
  if (text.length <= RUN) return [text];
  return Array.from({ length: text.length - RUN + 1 }, (_, at) => text.slice(at, at + RUN));
}

/** Each text, and all of them in a row, whichever comes first. */
function inEveryOrder(texts: readonly string[]): string[] {
  const [first, ...rest] = texts;
  if (first === undefined) return [''];
  const joined = texts.flatMap((text, at) =>
    inEveryOrder(texts.toSpliced(at, 1)).map((others) => text + others),
  );
  return rest.length === 0 ? [first] : joined;
}

/** A text, and what it says when it is decoded once or twice. */
function decoded(text: string): string[] {
  const once = DECODERS.map((decode) => decode(text));
  const twice = once.flatMap((result) => DECODERS.map((decode) => decode(result)));
  return [...new Set([text, ...once, ...twice])];
}

const fromCode = (digits: string, radix: number) =>
  String.fromCodePoint(Math.min(Number.parseInt(digits, radix), 0x10ffff));

/** What the digits say, where that is a text that somebody could have meant. */
function read(digits: string, encoding: 'base64' | 'hex'): string {
  const text = Buffer.from(digits, encoding).toString('utf8');
  return /^[^\p{C}\ufffd]+$/u.test(text) ? text : digits;
}

const DECODERS: readonly ((text: string) => string)[] = [
  (text) => text.replace(/(%[0-9a-f]{2})+/gi, (all) => read(all.replaceAll('%', ''), 'hex')),
  (text) =>
    text
      .replace(/&#x([0-9a-f]{1,6});/gi, (_, digits: string) => fromCode(digits, 16))
      .replace(/&#([0-9]{1,7});/g, (_, digits: string) => fromCode(digits, 10))
      .replaceAll('&amp;', '&'),
  (text) => text.replace(/\\u([0-9a-f]{4})/gi, (_, digits: string) => fromCode(digits, 16)),
  (text) => text.replace(/[a-z0-9+/_-]{4,}={0,2}/gi, (all) => read(all, 'base64')),
  (text) =>
    text
      .replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, (all) => all.replaceAll('-', ''))
      .replace(/([0-9a-f]{2}){3,}/gi, (all) => read(all, 'hex')),
];
