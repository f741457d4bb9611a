/** The platform's stand-in, on loopback. Argument: `trouble` if it is to lose some of the requests. */
import { createServer } from 'node:http';
import { API_KEY } from '../contenders/request.mjs';
import { CODE, HELD_ID } from '../support/protocol.mjs';

const inTrouble = process.argv[2] === 'trouble';
const answer = JSON.stringify({
  authentication_code: CODE,
  expires_at: '2099-01-01T00:00:00.000Z',
});
let requests = 0;
let held = 0;

const server = createServer((request, response) => {
  requests += 1;
  const { socket } = request;
  if (inTrouble && requests % 100 === 25) return socket.resetAndDestroy();
  if (inTrouble && requests % 100 === 75) return;

  let body = '';
  request.setEncoding('utf8');
  request.on('data', (text) => {
    body += text;
  });
  request.on('end', () => {
    // A memory measurement holds its calls in flight.
    if (body.includes(HELD_ID)) {
      held += 1;
      return;
    }
    const good =
      request.method === 'POST' &&
      request.headers.authorization === `Bearer ${API_KEY}` &&
      body.startsWith('{"external_id":"');
    response.writeHead(good ? 200 : 400, {
      'Content-Type': 'application/json',
      'Content-Length': Buffer.byteLength(answer),
    });
    response.end(answer);
  });
});
// Between two rounds of one contender lie those of the others.
server.keepAliveTimeout = 600_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 }, () =>
  process.send({ port: server.address().port }),
);

process.on('message', () => {
  process.send({ held });
  held = 0;
});
process.on('disconnect', () => process.exit());
