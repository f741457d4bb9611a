/** Our client in the circuit breaker of docs/failures.md: the recipe itself. */
import { readFileSync, writeFileSync } from 'node:fs';
import { API_KEY } from './request.mjs';

const PAGE = new URL('../../docs/failures.md', import.meta.url);
/** Where its imports find what is measured. */
const FILE = new URL('../node_modules/recipe-of-a-breaker.mjs', import.meta.url);

export async function create(baseUrl) {
  const recipe = /```js\n(import CircuitBreaker .*?)```/s.exec(readFileSync(PAGE, 'utf8'))?.[1];
  if (recipe === undefined) throw new Error('docs/failures.md has no recipe of a breaker.');
  writeFileSync(FILE, recipe);
  Object.assign(process.env, { SENTIANCE_USER_LINK_API_KEY: API_KEY, SENTIANCE_BASE_URL: baseUrl });
  // A line for each login without a code.
  console.error = () => {};
  const { codeFor } = await import(FILE);
  return async (externalId) => {
    const code = await codeFor(externalId);
    if (code === null) throw new Error('no code');
    return code.authenticationCode;
  };
}
