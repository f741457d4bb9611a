/** `name in value`, but of its own fields: a polluted prototype must not decide what a call comes to. */
export function hasOwnField<T extends object, Name extends PropertyKey>(
  value: T,
  name: Name,
): value is Extract<T, Record<Name, unknown>> {
  return Object.hasOwn(value, name);
}
