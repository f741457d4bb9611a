/**
 * Reads an object of options: each option once, so that a value that changes later changes nothing.
 *
 * Messages here and in this folder name the option, say what is accepted and what kind of thing came
 * instead; they never show a value, which could be a key in the wrong place.
 */
import { describe } from './describe.js';
import { didYouMean } from './nearest-word.js';

export type Given<Name extends string> = Readonly<Partial<Record<Name, unknown>>>;

/** The class of the error for bad options: the testing tools have another one than the client. */
export type Refusal = new (message: string) => Error;

/** Options that there once were, and what to use instead. */
const REPLACED = new Map([
  ['totalTimeout', 'Use timeout: it is the limit of the whole call, and an attempt has none.'],
]);

/**
 * The options that were given, of a plain object or of an instance of somebody's own class.
 *
 * @param subject What the options are of, as messages name them.
 */
export function readOptions<Name extends string>(
  options: unknown,
  names: readonly Name[],
  subject: string,
  Refusal: Refusal,
): Given<Name> {
  const copy = copyOptions(options, names, subject, Refusal);
  if (copy === undefined) {
    throw new Refusal(
      `${subject} must be a plain object, but they are ${describe(options)}. Pass { ${names[0]}: … }.`,
    );
  }
  const known: readonly string[] = names;
  const unknown = copy.keys.find((key) => !known.includes(key));
  if (unknown === undefined) return copy.given;
  throw new Refusal(`${subject} have an unknown option ${describeUnknown(unknown, known)}`);
}

function describeUnknown(name: string, known: readonly string[]): string {
  const valid = `Valid options: ${known.join(', ')}.`;
  // An unusual name could be a secret in the wrong place.
  if (!/^[A-Za-z]\w{0,39}$/.test(name)) return `with an unusual name. ${valid}`;
  const replaced = known.includes('timeout') ? REPLACED.get(name) : undefined;
  return replaced ? `'${name}'. ${replaced}` : `'${name}'.${didYouMean(name, known)} ${valid}`;
}

/** The options, and the keys of all that was passed; `undefined` when that holds no options. */
function copyOptions<Name extends string>(
  options: unknown,
  names: readonly Name[],
  subject: string,
  Refusal: Refusal,
): { given: Given<Name>; keys: string[] } | undefined {
  try {
    if (!isOptionsObject(options, names)) return undefined;
    const given: { [N in Name]?: unknown } = Object.create(null);
    for (const name of names) {
      if (isSet(name, options)) given[name] = Reflect.get(options, name);
    }
    return { given, keys: Object.keys(options) };
  } catch {
    // An error that a getter threw may hold anything, also when it is one of this library.
    throw new Refusal(
      `${subject} could not be read: reading one of them threw an error. Pass a plain object.`,
    );
  }
}

/** A promise, a signal, a URL or a map is an object too, and would read as one without options. */
function isOptionsObject(value: unknown, names: readonly string[]): value is object {
  if (typeof value !== 'object' || value === null || describe(value) !== 'an object') return false;
  const prototype = Object.getPrototypeOf(value);
  // Of whichever realm: the prototype of a plain object has none itself.
  if (prototype === null || Object.getPrototypeOf(prototype) === null) return true;
  return names.some((name) => isSet(name, value));
}

/** A field of `Object.prototype` is no option: a polluted prototype must not set a base URL. */
function isSet(name: string, options: object): boolean {
  return Object.hasOwn(options, name) || (name in options && !(name in Object.prototype));
}
