/** What a single executable starts with. */
import { run } from './bundled.mjs';

run();
