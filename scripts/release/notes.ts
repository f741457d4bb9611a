/** Prints what the changelog says of a version: `npm run --silent release:notes -- v1.2.3`. */
import { readFileSync } from 'node:fs';
import { notesOf } from './changelog.js';

const version = process.argv[2]?.replace(/^v/, '') ?? '';
const notes = notesOf(readFileSync('CHANGELOG.md', 'utf8'), version);
if (notes) {
  console.log(notes);
} else {
  console.error(`CHANGELOG.md says nothing of '${version}'.`);
  process.exitCode = 1;
}
