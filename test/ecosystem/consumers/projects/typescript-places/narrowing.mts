/** From TypeScript 5.3 on, `instanceof` narrows to the union, so that a code does, too. */
import { SentianceError } from 'sentiance-user-link';

export function waitOf(error: unknown): number | undefined {
  if (!(error instanceof SentianceError)) return undefined;
  return error.code === 'rate_limited' ? error.retryAfter : undefined;
}
