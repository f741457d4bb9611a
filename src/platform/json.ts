/** JSON of the platform, read by own fields alone: a polluted prototype must not lend a response a code. */
import * as z from 'zod/mini';
import { WHOLE_BODY } from './api.js';

/** `JSON.parse` without its error, which quotes the text; `undefined` for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(json: unknown): json is object {
  return typeof json === 'object' && json !== null && !Array.isArray(json);
}

/** An object's field; `undefined` for anything that has none of that name. */
export function ownField(json: unknown, name: string): unknown {
  return isObject(json) && Object.hasOwn(json, name) ? Reflect.get(json, name) : undefined;
}

/** A field that is a text; `undefined` in place of anything else. */
export function ownText(json: unknown, name: string): string | undefined {
  const value = ownField(json, name);
  return typeof value === 'string' ? value : undefined;
}

/** A code: any text that is not blank. */
export const codeText = z.string().check(z.regex(/\S/));

/** What a schema makes of JSON, or the paths of what is wrong: names of fields, never their values. */
export type Checked<T> = { ok: true; value: T } | { ok: false; issues: readonly string[] };

/** @param levels How deep the schema's objects lie. */
export function checkJson<T>(schema: z.ZodMiniType<T>, json: unknown, levels: number): Checked<T> {
  const result = schema.safeParse(withoutPrototypes(json, levels));
  if (result.success) return { ok: true, value: result.data };
  const paths = result.error.issues.map(({ path }) => path.join('.') || WHOLE_BODY);
  return { ok: false, issues: [...new Set(paths)] };
}

function withoutPrototypes(json: unknown, levels: number): unknown {
  if (levels === 0 || !isObject(json)) return json;
  const own: Record<string, unknown> = Object.assign(Object.create(null), json);
  for (const key of Object.keys(own)) own[key] = withoutPrototypes(own[key], levels - 1);
  return own;
}
