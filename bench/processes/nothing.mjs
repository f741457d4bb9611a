/** A process that does nothing, to be subtracted from the others. */
import { writeSync } from 'node:fs';

writeSync(1, 'ready');
process.exit();
