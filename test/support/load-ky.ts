/**
 * Loads ky before the tests. The client loads it at its first retry, which takes real time from
 * source, and none in the bundle: a test with a fake clock would wait for it in vain.
 */
import { loadKy } from '../../src/call/rounds.js';

await loadKy();
