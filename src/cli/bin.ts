#!/usr/bin/env node
/** What `npx sentiance-user-link` runs. */
import { main } from './main.js';

process.exitCode = await main(process.argv.slice(2), {
  out: (line) => console.log(line),
  err: (line) => console.error(line),
});
