/**
 * The platform's stand-in when something is wrong with it, a port for each caller. Asked
 * `{ open: mode }` it gives a new one; `{ site, mode }` changes what becomes of its requests, and
 * says what arrived since the last change.
 */
import { createServer } from 'node:http';
import { CODE } from '../support/protocol.mjs';
import { lognormal, randomNumbers } from '../support/random.mjs';

const answer = JSON.stringify({
  authentication_code: CODE,
  expires_at: '2099-01-01T00:00:00.000Z',
});
const SLOW = 3_000;

const issue = (response) => {
  if (response.destroyed) return;
  response.setHeader('Content-Type', 'application/json');
  response.end(answer);
};

/** What becomes of a request: each takes the response and the site's random numbers. */
const MODES = {
  well: issue,
  unavailable: (response) => void response.writeHead(503).end(),
  silent: () => {},
  // Half of the responses take up to 80 ms, one in a hundred more than 2 s.
  'long tail': (response, random) => void setTimeout(issue, lognormal(random, 80, 2_000), response),
  slow: (response) => void setTimeout(issue, SLOW, response),
};

const sites = [];

async function open(mode) {
  const site = { mode, arrivals: [], since: performance.now() };
  sites.push(site);
  // The same for each caller, whatever it sends.
  const random = randomNumbers(1);
  const server = createServer((request, response) => {
    const second = Math.floor((performance.now() - site.since) / 1_000);
    site.arrivals[second] = (site.arrivals[second] ?? 0) + 1;
    request.resume().on('end', () => MODES[site.mode](response, random));
  });
  server.keepAliveTimeout = 600_000;
  await new Promise((resolve) => {
    server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, resolve);
  });
  return { site: sites.length - 1, url: `http://127.0.0.1:${server.address().port}` };
}

function change(site, mode) {
  const arrivals = Array.from(site.arrivals, (requests) => requests ?? 0);
  Object.assign(site, { mode, arrivals: [], since: performance.now() });
  return { arrivals, at: performance.timeOrigin + performance.now() };
}

process.on('message', async ({ open: mode, site, mode: next }) => {
  process.send(mode ? await open(mode) : change(sites[site], next));
});
process.on('disconnect', () => process.exit());
process.send('ready');
