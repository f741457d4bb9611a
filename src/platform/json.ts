/** JSON of the platform, and schemas that read it. */
import * as z from 'zod/mini';

/** `JSON.parse` without its error, which quotes the text; `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An object by its own fields alone: a polluted prototype must not lend a response a code. */
export function ownObject<Shape extends z.core.$ZodShape>(shape: Shape) {
  const read = z.pipe(z.transform<unknown, unknown>(ownFields), z.object(shape));
  return z.pipe(read, z.transform(ownFields));
}

function ownFields<T>(json: T): T {
  const isObject = typeof json === 'object' && json !== null && !Array.isArray(json);
  return isObject ? Object.assign(Object.create(null), json) : json;
}

/** A code: any text that is not blank. */
export const codeText = z.string().check(z.regex(/\S/));

// Not `z.catch`: that brings all of zod's helpers into the bundle, and with them `new Function`.
const onlyText = z.transform((value) => (typeof value === 'string' ? value : undefined));

/** A text, or `undefined` in place of anything else. */
export const optionalText = z.optional(z.pipe(z.unknown(), onlyText));

/** The paths of what is wrong, for an error's `issues`: names of fields, never their values. */
export function pathsOf(error: z.core.$ZodError, whole: string): readonly string[] {
  return [...new Set(error.issues.map(({ path }) => path.join('.') || whole))];
}
