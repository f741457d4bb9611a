/** Leaks to put into the source: each gives a secret away, as a careless change would. */

export interface Leak {
  title: string;
  /** The file below `src`, a line of it, and what stands there instead. */
  file: string;
  line: string;
  leakyLine: string;
  /** Those tests of the canary suite that notice it, and what they say. */
  tests: string;
  found: string;
}

export const LEAKS: readonly Leak[] = [
  {
    title: 'the key in the message of an error',
    file: 'answer.ts',
    line: 'const host = hostOf(context.platformUrl);',
    leakyLine: 'const host = hostOf(context.platformUrl) + context.secrets[0];',
    tests: 'an error answer that echoes the request',
    found: 'message shows apiKey',
  },
  {
    title: 'the key in a hidden field of an error',
    file: 'client.ts',
    line: 'Error.captureStackTrace?.(error);',
    leakyLine: `Object.defineProperty(error, 'settings', { value: this.#settings, enumerable: false });`,
    tests: 'an error answer that echoes the request',
    found: 'util.inspect of everything shows apiKey',
  },
  {
    title: 'the error of fetch as a cause',
    file: 'failures.ts',
    line: '{ attempts, reason, cause },',
    leakyLine: '{ attempts, reason, cause: thrown },',
    tests: 'a lost connection that is told by',
    found: 'pino shows externalId',
  },
  {
    title: 'the key in a field of the client',
    file: 'client.ts',
    line: 'this.platformUrl = this.#settings.platformUrl;',
    leakyLine: 'this.platformUrl = this.#settings.platformUrl; this.settings = this.#settings;',
    tests: 'an error answer that echoes the request',
    found: 'properties shows apiKey',
  },
  {
    title: 'the request in an event',
    file: 'attempt.ts',
    line: 'duration: performance.now() - started,',
    leakyLine: 'duration: performance.now() - started, call,',
    tests: 'an error answer that echoes the request',
    found: 'properties shows apiKey',
  },
  {
    title: 'a code that prints',
    file: 'authentication-code.ts',
    line: "const value = () => ({ ...code, authenticationCode: '[redacted]' });",
    leakyLine: 'const value = () => ({ ...code });',
    tests: 'a call that succeeds',
    found: 'util.inspect shows authenticationCode',
  },
];
