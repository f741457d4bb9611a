/** HTTP proxies on loopback: two that work, and those that do not. */
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { pipeline } from 'node:stream';
import { listen, portOf } from './listen.js';
import { PLATFORM, tlsUrl } from './platform.js';

const CREDENTIALS = 'server:proxy-password';

/** What the proxies that work were asked for, and all that clients sent through them, in Latin-1. */
export const passed = { requests: [], sent: '' };

/** It knows the name of the platform, which need not be known here. */
function tunnel({ url }, client) {
  passed.requests.push(`CONNECT ${url}`);
  const isPlatform = url === `${new URL(PLATFORM).host}:443`;
  const port = isPlatform ? portOf(tlsUrl) : portOf(`http://${url}`);
  const platform = connect(port, '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.on('data', (bytes) => {
      passed.sent += bytes.toString('latin1');
    });
    pipeline(client, platform, client, () => {});
  });
}

function passOn(incoming, outgoing) {
  const { method, url, headers } = incoming;
  passed.requests.push(`${method} ${url}`);
  incoming.pipe(
    request(url, { method, headers }, (response) => {
      outgoing.writeHead(response.statusCode, response.headers);
      response.pipe(outgoing);
    }),
  );
}

/** It wants a user and a password. */
function locked() {
  const expected = `Basic ${Buffer.from(CREDENTIALS).toString('base64')}`;
  return createServer((_, response) => response.writeHead(407).end()).on(
    'connect',
    (message, socket) => {
      if (message.headers['proxy-authorization'] === expected) tunnel(message, socket);
      else socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    },
  );
}

const silent = createServer(() => {}).on('connect', () => {});
const stopped = createServer();

export const PROXIES = {
  open: await listen(createServer(passOn).on('connect', tunnel)),
  locked: await listen(locked()),
  silent: await listen(silent),
  down: await listen(stopped),
};
stopped.close();

export const UNLOCKED = PROXIES.locked.replace('//', `//${CREDENTIALS}@`);
export const [, PROXY_PASSWORD] = CREDENTIALS.split(':');
