/** 5: what is installed. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { CONTENDERS, labelOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { compare, list, markdownTable, round } from '../support/words.mjs';

const bench = fileURLToPath(new URL('..', import.meta.url));

/** For each contender: packages, files, bytes, and bytes packed, of all that it installs. */
export function measureSize() {
  return CONTENDERS.map(({ id, packages }) => {
    const folders = [...installed(packages)];
    const files = folders.flatMap(filesIn);
    return {
      id,
      packages: folders.length,
      files: files.length,
      bytes: files.reduce((sum, file) => sum + statSync(file).size, 0),
      packed:
        files.length === 0 ? 0 : gzipSync(Buffer.concat(files.map((f) => readFileSync(f)))).length,
    };
  });
}

/** The folders of packages and of all that they depend on. */
function installed(names, from = bench, found = new Set()) {
  for (const name of names) {
    const folder = folderOf(name, from);
    if (found.has(folder)) continue;
    found.add(folder);
    const { dependencies = {} } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    installed(Object.keys(dependencies), folder, found);
  }
  return found;
}

function folderOf(name, from) {
  const places = createRequire(join(from, 'package.json')).resolve.paths(name);
  const folder = places
    .map((place) => join(place, name))
    .find((path) => exists(join(path, 'package.json')));
  if (folder === undefined) throw new Error(`${name} is not installed`);
  return folder;
}

function exists(path) {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}

function filesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : filesIn(path);
    return [path];
  });
}

export const title = 'Size';

export async function run() {
  const rows = measureSize().filter(({ packages }) => packages > 0);
  return [INTRODUCTION, table(rows), chart(rows), reading(rows)].join('\n\n');
}

const INTRODUCTION =
  'What an installation puts on the disk, dependencies included; kB as they lie there, and packed by gzip, which is about what is downloaded. A bare `fetch` installs nothing.';

const kB = (bytes) => round(bytes / 1_000);

function table(rows) {
  const cells = rows.map(({ id, packages, files, bytes, packed }) => [
    labelOf(id),
    packages,
    files,
    kB(bytes),
    kB(packed),
  ]);
  return markdownTable(['', 'packages', 'files', 'kB', 'kB packed'], cells);
}

function chart(rows) {
  return barChart('size', 'Installed, kB packed', {
    labels: rows.map(({ id }) => labelOf(id)),
    series: [{ label: 'packed', values: rows.map(({ packed }) => packed / 1_000) }],
  });
}

function reading(rows) {
  const { better, worse } = compare([(id) => rows.find((row) => row.id === id)?.packed ?? 0]);
  const entry = readFileSync(join(folderOf('sentiance-user-link', bench), 'dist/index.js'));
  return [
    `- Larger to download than ours: ${list(worse)}. Smaller: ${list(better)}.`,
    `- What a login loads of ours is one file of ${kB(entry.length)} kB (${kB(gzipSync(entry).length)} packed), not minified: a stack trace names a line that can be read. The rest of the package is its other module format, declarations, source maps, the fakes and the command line.`,
  ].join('\n');
}
