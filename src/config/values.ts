/** Values of the types that several options have, checked by the option's name. */
import { describe } from './describe.js';
import type { Refusal } from './options-object.js';

export function isFunction<T>(value: unknown): value is T {
  return typeof value === 'function';
}

export function readFunction<T extends (...args: never[]) => unknown>(
  name: string,
  value: unknown,
  Refusal: Refusal,
): T | undefined {
  if (value === undefined || isFunction<T>(value)) return value;
  throw new Refusal(`${name} must be a function, but it is ${describe(value)}.`);
}

export function readBoolean(name: string, value: unknown, Refusal: Refusal): boolean {
  if (value === undefined || typeof value === 'boolean') return value ?? false;
  throw new Refusal(`${name} must be true or false, but it is ${describe(value)}.`);
}
