/** A customer's project: what is installed, and what is run in it. */
import type { Packages } from '../shared/npm.js';

export interface ConsumerRow {
  name: string;
  /** What the row shows, for a reader of the table. */
  what: string;
  /** Installed beside the package; rows with the same share a folder. The words: `workshop.ts`. */
  install: Packages | 'two-versions' | 'production';
  /** Folders below `projects`, copied into one; a later one's files replace an earlier one's. */
  project: readonly string[];
  /** The script of the project's package.json; `test` when it is left out. */
  script?: string;
  /** It needs more than a minute, or shows little that another row does not. */
  slow?: true;
}
