/** undici's fetch in place of Node's, for a proxy or a pool of one's own. Never run. */
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { Agent, ProxyAgent, fetch as undiciFetch } from 'undici';

const proxy = new ProxyAgent('http://127.0.0.1:3128');
export const behindProxy = new SentianceUserLinkClient({
  fetch: (url, init) => undiciFetch(url, { ...init, dispatcher: proxy }),
});

const pool = new Agent({ keepAliveTimeout: 60_000 });
export const withPool = new SentianceUserLinkClient({
  fetch: (url, init) => undiciFetch(url, { ...init, dispatcher: pool }),
});

export const plain = new SentianceUserLinkClient({ fetch: undiciFetch });
