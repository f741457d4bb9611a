/** One call and nothing else: the matrix looks when the process ends. */
import { clientOf, setting } from './harness.mjs';

export async function run() {
  const { url, abortAfter, ...options } = setting.call;
  const signal = abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter);
  const result = await clientOf(url).tryCreateAuthenticationCode('user-1', { ...options, signal });
  console.log(`@result ${result.ok ? 'ok' : result.error.code}`);
}
