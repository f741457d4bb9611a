/** Listens on loopback without keeping the process. */
export async function listen(server, host = '127.0.0.1', port = 0) {
  await new Promise((resolve, reject) => server.on('error', reject).listen(port, host, resolve));
  server.unref();
  return `http://${host.includes(':') ? `[${host}]` : host}:${server.address().port}`;
}

export const portOf = (url) => Number(new URL(url).port);
