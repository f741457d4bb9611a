import { version } from '../../package.json';

/** `sentiance-user-link/<version> <runtime>/<its version>`, for the platform's own logs. */
export const USER_AGENT = [`sentiance-user-link/${version}`, ...runtime()].join(' ');

function runtime(): string[] {
  const versions: Record<string, string | undefined> = globalThis.process?.versions ?? {};
  // Bun and Deno call themselves Node too.
  const name = ['bun', 'deno', 'node'].find((candidate) => versions[candidate] !== undefined);
  return name === undefined ? [] : [`${name}/${versions[name]}`];
}
