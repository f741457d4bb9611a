/** A platform whose responses follow a script. */
import { createServer } from 'node:http';

export const ISSUED_CODE = 'an-authentication-code-that-nobody-may-see';
const ISSUED = { authentication_code: ISSUED_CODE };

/**
 * What an id's attempts meet, in turn, stands in front of its dash: a status, `hang` or `reset`, as
 * in `503.hang.200-user-1`.
 */
export async function startPlatform() {
  const scripts = new Map();
  const server = createServer(async (request, response) => {
    const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
    const id = body.external_id ?? body.variables.externalId;
    const [step, ...later] = scripts.get(id) ?? scriptOf(id);
    scripts.set(id, later);
    respond(step, response);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const scriptOf = (id) => id.split('-', 1)[0].split('.');

function respond(step, response) {
  if (step === 'hang') return;
  if (step === 'reset') response.socket.resetAndDestroy();
  else if (step === '200')
    response.end(JSON.stringify({ ...ISSUED, data: { generate_auth_code: ISSUED } }));
  else response.writeHead(Number(step)).end(JSON.stringify({ message: 'Something is wrong.' }));
}
