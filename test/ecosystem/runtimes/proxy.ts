/** HTTP proxies on loopback that write down what goes through them. */
import { once } from 'node:events';
import * as http from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';

export interface Proxies {
  /** Passes everything on. `GET /-/seen` tells what it saw. */
  open: string;
  /** Responds 407 to every request. */
  refusing: string;
  /** Takes every request and says nothing. */
  silent: string;
}

export async function startProxies(): Promise<Proxies> {
  return {
    open: await listen(openProxy()),
    refusing: await listen(
      http
        .createServer((_, response) => response.writeHead(407).end())
        .on('connect', (_, socket) =>
          socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'),
        ),
    ),
    silent: await listen(http.createServer(() => {}).on('connect', () => {})),
  };
}

async function listen(server: http.Server): Promise<string> {
  server.listen(0, '127.0.0.1').unref();
  await once(server, 'listening');
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function openProxy(): http.Server {
  const requests: string[] = [];
  const tunnelled: Buffer[] = [];
  return http
    .createServer((message, response) => {
      const { method, url = '', headers } = message;
      if (url === '/-/seen') {
        response.end(
          JSON.stringify({ requests, tunnelled: Buffer.concat(tunnelled).toString('latin1') }),
        );
        return;
      }
      requests.push(`${method} ${url}`);
      const onwards = http.request(url, { method: method ?? '', headers }, (received) => {
        response.writeHead(received.statusCode ?? 502, received.headers);
        received.pipe(response);
      });
      onwards.on('error', () => response.destroy());
      message.pipe(onwards);
    })
    .on('connect', (message: http.IncomingMessage, client: Socket) => {
      requests.push(`CONNECT ${message.url}`);
      const { hostname, port } = new URL(`http://${message.url}`);
      const platform = connect(Number(port), hostname, () => {
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        client.on('data', (bytes) => tunnelled.push(bytes));
        client.pipe(platform).pipe(client);
      });
      client.on('error', () => platform.destroy()).on('close', () => platform.destroy());
      platform.on('error', () => client.destroy()).on('close', () => client.destroy());
    });
}
