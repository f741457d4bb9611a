/** A process that needs one code. Arguments: the contender, the server's URL. */
import { writeSync } from 'node:fs';

const [id, url] = process.argv.slice(2);
const { create } = await import(`../contenders/${id}.mjs`);
writeSync(1, await create(url)('user-1001'));
process.exit();
