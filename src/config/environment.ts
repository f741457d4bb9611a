/** A variable's value; `undefined` when it is unset, blank, or the runtime has no environment. */
export function readEnvironment(name: string): string | undefined {
  try {
    const env = globalThis.process?.env;
    // Own properties only: a polluted prototype sets no variable.
    if (!env || !Object.hasOwn(env, name)) return undefined;
    return env[name]?.trim() || undefined;
  } catch {
    // Deno without --allow-env throws.
    return undefined;
  }
}
