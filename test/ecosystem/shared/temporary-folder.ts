import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder outside the repository; unless it is to be kept, removed when this process ends. */
export function temporaryFolder({ keep = false } = {}): string {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'sentiance-user-link-'));
  process.on('exit', () => {
    if (keep) console.error(`Kept: ${folder}`);
    else rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
