/** What this process runs in. */

/** A variable's value; `undefined` when it is unset, blank, or the runtime has no environment. */
export function readEnvironment(name: string): string | undefined {
  try {
    const env = globalThis.process?.env;
    // Own properties only, as for options.
    if (!env || !Object.hasOwn(env, name)) return undefined;
    return env[name]?.trim() || undefined;
  } catch {
    // Deno without --allow-env throws.
    return undefined;
  }
}

/** A browser or React Native, where everyone could read the key. */
export function isBrowser(): boolean {
  const { window, navigator, importScripts } = globalThis as {
    window?: { document?: unknown };
    navigator?: { product?: unknown };
    importScripts?: unknown;
  };
  return (
    window?.document !== undefined ||
    navigator?.product === 'ReactNative' ||
    // A web worker: it has no window, but browsers give it this function, and no server does.
    typeof importScripts === 'function'
  );
}
