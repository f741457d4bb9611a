/** Milliseconds of CPU that our client takes for error responses that quote a large external id. */
import { SentianceUserLinkClient } from 'sentiance-user-link';
import { API_KEY } from '../contenders/request.mjs';
import { median } from '../support/statistics.mjs';

const ROUNDS = 15;

const client = (body) =>
  new SentianceUserLinkClient({
    apiKey: API_KEY,
    baseUrl: 'http://127.0.0.1:9',
    fetch: async () => new Response(body, { status: 400 }),
  });

/** For each shape: the whole call, and one whose response is as large but has no message to show. */
async function measure({ shapes, length }) {
  const rows = [];
  for (const shape of shapes) {
    const externalId = shape.repeat(Math.ceil(length / shape.length)).slice(0, length);
    const quoting = JSON.stringify({ message: `No user ${externalId}`.slice(0, 1_000_000) });
    const silent = quoting.replace('message', 'details');
    rows.push({
      quoting: await cpuOf(client(quoting), externalId),
      silent: await cpuOf(client(silent), externalId),
    });
  }
  return rows;
}

async function cpuOf(ours, externalId) {
  const samples = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = process.cpuUsage();
    const { error } = await ours.tryCreateAuthenticationCode(externalId);
    const { user, system } = process.cpuUsage(before);
    if (error?.code !== 'rejected') throw new Error(`ours ended with ${error?.code}`);
    samples.push((user + system) / 1_000);
  }
  return median(samples);
}

process.on('message', async (options) => process.send(await measure(options)));
process.on('disconnect', () => process.exit());
process.send('ready');
