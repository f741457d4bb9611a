/** The same as `main.mjs`, in a worker thread. */
import { Worker } from 'node:worker_threads';

new Worker(new URL('main.mjs', import.meta.url), { argv: process.argv.slice(2) });
