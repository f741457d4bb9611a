/** What a login handler does: ask, go on with or without a code, and say which. */
import type {
  AuthenticationCode,
  AuthenticationCodeResult,
  UserLinkClient,
} from 'sentiance-user-link';
import type { Output } from './output.js';

export async function login(
  output: Output,
  client: UserLinkClient,
  externalId: string,
  timeout?: number,
): Promise<AuthenticationCode | undefined> {
  const started = performance.now();
  const result = await client.tryCreateAuthenticationCode(externalId, { timeout });
  show(output, result, Math.round(performance.now() - started));
  return result.ok ? result.value : undefined;
}

function show({ out }: Output, result: AuthenticationCodeResult, ms: number): void {
  if (result.ok) {
    const { authenticationCode, expiresAt } = shortened(result.value);
    const expiry = `expires at ${expiresAt.toISOString().slice(11, 19)} UTC`;
    out(`   Code:              ${authenticationCode}, ${expiry} (${ms} ms)`);
    return;
  }
  const { error } = result;
  out(`   No code:           ${error.name}, code '${error.code}' (${ms} ms)`);
  out(`   Message:           ${error.message}`);
  out(`   What to do:        ${error.action}, after ${error.attempts} request(s)`);
}

/** Real codes do not belong on a screen either. */
export function shortened(code: AuthenticationCode): AuthenticationCode {
  return { ...code, authenticationCode: `${code.authenticationCode.slice(0, 8)}…` };
}
