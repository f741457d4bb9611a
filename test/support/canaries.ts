/** Secrets planted in a test, and the search for them in every way a value can be looked at. */
import { deepStrictEqual } from 'node:assert/strict';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { expect } from 'vitest';
import { canariesIn } from './canary-texts.js';
import { LOGGERS } from './loggers.js';

export { CANARIES } from './canary-texts.js';

const EVERYTHING = {
  depth: 20,
  showHidden: true,
  getters: true,
  maxArrayLength: null,
  maxStringLength: null,
} as const;

/** Each way in which a value can come to be read by somebody, as text. */
export const CHANNELS: Readonly<Record<string, (value: unknown) => string>> = {
  message: (value) => String(read(value, 'message')),
  stack: (value) => String(read(value, 'stack')),
  String: (value) => String(value),
  toJSON: (value) => JSON.stringify(callToJson(value)) ?? '',
  'JSON.stringify': (value) => JSON.stringify(value) ?? '',
  'util.inspect': (value) => inspect(value),
  'util.inspect of everything': (value) => inspect(value, EVERYTHING),
  'util.format': (value) => format('%j %o %s', value, value, value),
  'console.log': (value) => printed((console) => console.log('got', value)),
  'console.dir': (value) => printed((console) => console.dir(value, EVERYTHING)),
  'console.table': (value) => printed((console) => console.table(value)),
  structuredClone: (value) => inspect(structuredClone(value), EVERYTHING),
  'a failed assertion': (value) => String(deepStrictEqual(value, {})),
  ...LOGGERS,
  properties: (value) =>
    [...reachable(value)].filter((part) => typeof part === 'string').join('\n'),
};

/** Which channel shows which canary, for the value and for all that can be reached from it. */
export function leaksOf(value: unknown): string[] {
  const leaks = new Set<string>();
  for (const part of reachable(value)) {
    // What a string shows, the properties of whatever holds it show; a bare string holds itself.
    if (part !== value && !isObject(part)) continue;
    for (const [channel, render] of Object.entries(CHANNELS)) {
      for (const canary of canariesIn(attempt(() => render(part)))) {
        leaks.add(`${channel} shows ${canary}`);
      }
    }
  }
  return [...leaks];
}

/** Passes when no canary, nor a part of one, can be seen in the value through any channel. */
export function expectNoCanary(value: unknown): void {
  const leaks = leaksOf(value);
  // Vitest shortens a list of more than a few lines, but not this text before it.
  expect(leaks, leaks.join(', ')).toEqual([]);
}

/** A channel that throws shows what it threw: that is what ends up in the log. */
function attempt(render: () => string): string {
  try {
    return render();
  } catch (thrown) {
    return inspect(thrown, EVERYTHING);
  }
}

function printed(print: (console: Console) => void): string {
  let output = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      output += String(chunk);
      done();
    },
  });
  print(new Console(stream));
  return output;
}

function callToJson(value: unknown): unknown {
  const toJson = read(value, 'toJSON');
  return typeof toJson === 'function' ? Reflect.apply(toJson, value, []) : undefined;
}

/** The value and all that its properties lead to: hidden ones, getters, symbols, bytes as text. */
function reachable(value: unknown, found = new Set<unknown>()): Set<unknown> {
  if (found.has(value)) return found;
  found.add(value);
  if (!isObject(value)) return found;
  if (value instanceof ArrayBuffer) return reachable(new Uint8Array(value), found);
  if (ArrayBuffer.isView(value)) {
    const { buffer, byteOffset, byteLength } = value;
    return found.add(Buffer.from(buffer, byteOffset, byteLength).toString('latin1'));
  }
  if (value instanceof Map || value instanceof Set) {
    for (const item of value) reachable(item, found);
  }
  for (const key of Reflect.ownKeys(value)) {
    found.add(String(key));
    reachable(read(value, key), found);
  }
  return found;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Reads a property; a getter that throws gives what it threw. */
function read(value: unknown, key: PropertyKey): unknown {
  try {
    return isObject(value) ? Reflect.get(value, key) : undefined;
  } catch (thrown) {
    return thrown;
  }
}
