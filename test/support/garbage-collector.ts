import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Collects memory when it is called. */
export function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('This runtime has no gc.');
  return () => collect();
}
