/** The library's messages name its options; whoever reads them here has flags. */

const WORDS: readonly [RegExp, string][] = [
  [/^apiKey is missing\. Pass apiKey, or set (.+?), to /, 'There is no API key. Set $1 to '],
  [/^externalId\b/, 'The external id'],
  [/\bthe region or baseUrl\b/g, '--region or --base-url'],
  [/\bbaseUrl\b/g, '--base-url'],
  [/\bdangerouslyAllowHttp: true\b/g, '--dangerously-allow-http'],
  [/\btry api: '(\w+)'/g, 'try --api $1'],
  [/\(timeout, /g, '(--timeout, '],
  [/\bPass the key as apiKey\./, 'Set SENTIANCE_USER_LINK_API_KEY to the key.'],
  [/, as a string or a URL\./, '.'],
  [/ or pass a fetch that goes through it\./, '.'],
];

export function inCommandWords(message: string): string {
  return WORDS.reduce((text, [option, flag]) => text.replace(option, flag), message);
}
