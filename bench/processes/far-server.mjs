/**
 * The platform's stand-in at a distance: TLS servers, each behind a proxy that holds back what goes
 * either way for half a round trip. Needs a Node that reads TypeScript.
 */
import { createServer as createTlsServer } from 'node:https';
import { connect, createServer as createProxy } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { selfSignedCertificate } from '../../test/support/self-signed-certificate.ts';
import { CODE } from '../support/protocol.mjs';

const identity = selfSignedCertificate();
const answer = JSON.stringify({
  authentication_code: CODE,
  expires_at: '2099-01-01T00:00:00.000Z',
});
const handshakes = [];

/**
 * What becomes of an idle connection: the server closes it after `closeAfter` ms and says so; with
 * `resetReused` it closes it at the moment at which it is used again; after `forgetAfter` ms nothing
 * comes through any more, as when a firewall forgot it.
 */
async function openSite({ roundTrip, closeAfter = 600_000, resetReused, forgetAfter = Infinity }) {
  const count = { tls: 0 };
  handshakes.push(count);
  const used = new WeakSet();
  const server = createTlsServer(identity, (request, response) => {
    if (resetReused && used.has(request.socket)) return request.socket.destroy();
    used.add(request.socket);
    request.resume().on('end', () => {
      // Without this header Node tells the client how long it keeps a connection.
      response.setHeader('Connection', 'keep-alive');
      response.setHeader('Content-Type', 'application/json');
      response.end(answer);
    });
  });
  server.keepAliveTimeout = closeAfter;
  server.on('secureConnection', () => {
    count.tls += 1;
  });
  const port = await listen(server);

  const proxy = createProxy({ allowHalfOpen: true, noDelay: true }, async (near) => {
    // On loopback a connection is there at once; over a distance it takes a round trip.
    near.pause();
    await sleep(roundTrip);
    const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    const path = { delay: roundTrip / 2, forgetAfter, usedAt: performance.now() };
    forward(near, far, path);
    forward(far, near, path);
  });
  return { site: handshakes.length - 1, url: `https://127.0.0.1:${await listen(proxy)}` };
}

function forward(from, to, path) {
  const later = (action) => setTimeout(() => to.destroyed || action(), path.delay);
  from.on('data', (bytes) => {
    const now = performance.now();
    if (now - path.usedAt > path.forgetAfter) return;
    path.usedAt = now;
    later(() => to.write(bytes));
  });
  from.on('end', () => later(() => to.end()));
  from.on('error', () => later(() => to.destroy()));
  from.on('close', () => later(() => to.end()));
  from.resume();
}

function listen(server) {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(server.address().port));
  });
}

process.on('message', async ({ open, site }) => {
  process.send(open ? await openSite(open) : handshakes[site]);
});
process.on('disconnect', () => process.exit());
process.send('ready');
