/** Where the rows work: one folder outside the repository, and the package, packed once. */
import { join } from 'node:path';
import { packTarball } from './npm.js';
import { temporaryFolder } from './temporary-folder.js';

export class Site {
  readonly folder: string;
  readonly tarball: () => Promise<string>;

  constructor(options?: { keep?: boolean }) {
    this.folder = temporaryFolder(options);
    this.tarball = once(() => packTarball(join(this.folder, 'packed')));
  }
}

/** What rows share is made when the first of them asks for it. */
export function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
