/** One call in a worker thread, and its result posted to the main thread. */
import { parentPort } from 'node:worker_threads';
import { clientOf, EXTERNAL_ID, setting } from './harness.mjs';

const { url, ...options } = setting.call;
parentPort.postMessage(await clientOf(url).tryCreateAuthenticationCode(EXTERNAL_ID, options));
