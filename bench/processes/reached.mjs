/**
 * Makes logins until all that a login may need has run: a code, every kind of failure, retries, a
 * hedge, a timeout. For NODE_V8_COVERAGE; with the argument `success`, one login with a code.
 */
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { API_KEY } from '../contenders/request.mjs';

const CODE = { authentication_code: 'code-1', expires_at: '2099-01-01T00:00:00.000Z' };
const never = (init) =>
  new Promise((_, reject) => {
    init.signal.addEventListener('abort', () => reject(init.signal.reason));
  });
const json = (body, status = 200, headers = {}) => Response.json(body, { status, headers });
const lost = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }));

async function login(respond, options = {}) {
  let requests = 0;
  const fetch = (_, init) => {
    requests += 1;
    return Promise.resolve(respond(requests, init));
  };
  const client = new SentianceUserLinkClient({ apiKey: API_KEY, region: 'eu', fetch, ...options });
  await client.tryCreateAuthenticationCode('user-1001');
}

await login(() => json(CODE));
if (process.argv[2] !== 'success') {
  const error = { message: 'No such user', errorCode: 'USER_NOT_FOUND' };
  for (const status of [302, 400, 401, 403, 429, 500, 503]) {
    await login(() => json(error, status, { 'Retry-After': '0' }));
  }
  await login((request) => (request === 1 ? lost() : json(CODE)));
  await login((request, init) => (request === 1 ? never(init) : json(CODE)), { hedgeAfter: 5 });
  await login((_, init) => never(init), { timeout: 30, hedgeAfter: 5 });
  await login(() => json({ authentication_code: 5, expires_at: 'soon' }));
  const data = { generate_auth_code: CODE };
  await login(() => json({ data }), { api: 'graphql' });
  await login(() => json({ errors: [{ extensions: { code: 'NOT_FOUND' } }] }), { api: 'graphql' });
}
