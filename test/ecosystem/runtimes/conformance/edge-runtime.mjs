/** Runs a bundle of the scripts in Vercel's edge runtime. */
import { readFileSync } from 'node:fs';
import { EdgeRuntime } from 'edge-runtime';

const [bundle] = process.argv.slice(2);
const runtime = new EdgeRuntime();
runtime.evaluate(readFileSync(bundle, 'utf8'));
await runtime.evaluate('bundled.run()');
