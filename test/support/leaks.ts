/** Leaks to put into the source: each gives a secret away, as a careless change would. */

export interface Leak {
  title: string;
  /** The file below `src`, a line of it, and what stands there instead. */
  file: string;
  line: string;
  leakyLine: string;
  /** The file below `test/safety` and the tests in it that notice, and what they say. */
  suite: string;
  tests: string;
  found: string;
}

const ECHOES = { suite: 'failures.test.ts', tests: "a response to 'rest' that echoes the request" };
const FETCHES = { suite: 'failures.test.ts', tests: 'a fetch that fails with' };

export const LEAKS: readonly Leak[] = [
  {
    title: 'a predicate that says no to everything',
    file: 'safety/secrets.ts',
    line: 'const folded = fold(text);',
    leakyLine: "return false; const folded = '';",
    suite: 'echoed-secrets.test.ts',
    tests: 'a response that echoes it',
    found: 'Counterexample',
  },
  {
    title: 'the message as the platform sent it',
    file: 'platform/response-errors.ts',
    line: 'const { message, errorCode, ref } = shownFields(envelope, secrets);',
    leakyLine:
      'const { errorCode, ref } = shownFields(envelope, secrets); const { message } = envelope;',
    ...ECHOES,
    found: 'message shows apiKey',
  },
  {
    title: 'the errorCode as the platform sent it',
    file: 'platform/response-errors.ts',
    line: 'const { message, errorCode, ref } = shownFields(envelope, secrets);',
    leakyLine:
      'const { message, ref } = shownFields(envelope, secrets); const { errorCode } = envelope;',
    ...ECHOES,
    found: 'toJSON shows externalId',
  },
  {
    title: 'the key in the message of an error',
    file: 'platform/response-errors.ts',
    line: "let said = '';",
    leakyLine: "let said = ' ' + arguments[3].apiKey;",
    ...ECHOES,
    found: 'message shows apiKey',
  },
  {
    title: 'the key in a field of the client',
    file: 'client.ts',
    line: 'this.platformUrl = this.#config.platform.platformUrl;',
    leakyLine: 'this.platformUrl = this.#config.platform.platformUrl; this.config = this.#config;',
    ...ECHOES,
    found: 'properties shows apiKey',
  },
  {
    title: 'the request in an event',
    file: 'call/attempt.ts',
    line: 'duration: performance.now() - this.#startedAt,',
    leakyLine: 'duration: performance.now() - this.#startedAt, call: this.#call,',
    ...ECHOES,
    found: 'properties shows apiKey',
  },
  {
    title: 'the error of fetch as a cause',
    file: 'safety/foreign-errors.ts',
    line: "const cause = new Error(reason ?? 'details withheld');",
    leakyLine: "const cause = new Error(reason ?? 'details withheld', { cause: error });",
    ...FETCHES,
    found: 'shows apiKey',
  },
  {
    title: 'the message of an error of fetch as the reason',
    file: 'safety/foreign-errors.ts',
    line: 'const reason = codes.find(isHarmless);',
    leakyLine: "const reason = String(property(error, 'message'));",
    ...FETCHES,
    found: 'shows apiKey',
  },
  {
    title: 'a code that prints',
    file: 'authentication-code.ts',
    line: "const value = () => ({ ...code, authenticationCode: '[redacted]' });",
    leakyLine: 'const value = () => ({ ...code });',
    suite: 'success.test.ts',
    tests: "A call by 'rest' that succeeds",
    found: 'util.inspect shows authenticationCode',
  },
];
