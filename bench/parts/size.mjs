/** 7: what is installed, and what a login loads of it. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { transformSync } from 'esbuild';
import { CONTENDERS, labelOf, OURS, packagesOf } from '../contenders/index.mjs';
import { barChart } from '../support/chart.mjs';
import { bareEnvironment, processFile } from '../support/children.mjs';
import { compare, list, markdownTable, round } from '../support/words.mjs';

const bench = fileURLToPath(new URL('..', import.meta.url));
const TIME_LIMIT = 20_000;

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

/** The file that a login loads: its bytes as it is and minified, and those that are ever reached. */
function measureEntry(node) {
  const file = join(folderOf('sentiance-user-link', bench), 'dist/index.js');
  const source = readFileSync(file, 'utf8');
  const { code } = transformSync(source, { minify: true, format: 'esm' });
  const sizes = (text) => ({ bytes: Buffer.byteLength(text), packed: gzipSync(text).length });
  const [login, all] = ['success', 'all'].map((what) => unreachedRanges(node, what));
  const origins = originsOf(source).map((origin) => {
    const reached = (ranges) => origin.end - origin.start - covered(ranges, origin);
    return { ...origin, login: reached(login), all: reached(all) };
  });
  const rows = ['our code', 'zod', 'ky'].map((name) => {
    const own = origins.filter((origin) => origin.name === name);
    const sum = (figure) => own.reduce((total, origin) => total + figure(origin), 0);
    return {
      name,
      bytes: sum(({ start, end }) => end - start),
      login: sum(({ login: bytes }) => bytes),
      all: sum(({ all: bytes }) => bytes),
    };
  });
  return { asIs: sizes(source), minified: sizes(code), rows };
}

/** Where each source lies in the bundle, as esbuild's comments on it say. */
function originsOf(source) {
  const marks = [...source.matchAll(/^\/\/ ((?:src|node_modules|package\.json)\S*)$/gm)];
  return marks.map((mark, index) => ({
    name: /^node_modules\/(zod|ky)\//.exec(mark[1])?.[1] ?? 'our code',
    start: mark.index,
    end: marks[index + 1]?.index ?? source.length,
  }));
}

/** The ranges of the bundle that a process did not reach, by V8's own account. */
function unreachedRanges(node, what) {
  const folder = mkdtempSync(join(tmpdir(), 'sentiance-user-link-bench-'));
  try {
    execFileSync(node.path, [processFile('reached.mjs'), what], {
      env: { ...bareEnvironment(), NODE_V8_COVERAGE: folder },
      stdio: 'inherit',
      timeout: TIME_LIMIT,
    });
    const [file] = readdirSync(folder);
    const { result } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    const { functions } = result.find(({ url }) => url.endsWith('link/dist/index.js'));
    // Outer ranges first; an inner one says better.
    return functions.flatMap(({ ranges }) => ranges);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How many characters of a stretch were not reached. */
function covered(ranges, { start, end }) {
  const reached = new Uint8Array(end - start).fill(1);
  for (const { startOffset, endOffset, count } of ranges) {
    if (startOffset >= end || endOffset <= start) continue;
    reached.fill(count > 0 ? 1 : 0, Math.max(startOffset - start, 0), endOffset - start);
  }
  return reached.filter((is) => is === 0).length;
}

export const title = 'Size';
export const packages = [...packagesOf(CONTENDERS), 'esbuild'];

export function measure(nodes) {
  const rows = measureSize().filter(({ packages }) => packages > 0);
  return { node: nodes.at(-1), rows, entry: measureEntry(nodes.at(-1)) };
}

export function report({ node, rows, entry }) {
  return [
    INTRODUCTION,
    table(rows),
    chart(rows),
    '### What a login loads',
    ENTRY_INTRODUCTION,
    entryTable(entry, node),
    reading(rows, entry),
  ].join('\n\n');
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
    meaning: `What a deployment carries for the login: ${kB(rows.find(({ id }) => id === OURS).packed)} kB to download, with nothing beside it that could clash.`,
    series: [{ label: 'packed', values: rows.map(({ packed }) => packed / 1_000) }],
  });
}

const ENTRY_INTRODUCTION =
  'dist/index.js by where its code comes from, and how much of it V8 has run after one login, and after logins with every kind of failure, retries, a hedge and a timeout, REST and GraphQL.';

function entryTable({ rows }, { version }) {
  const cells = rows.map(({ name, bytes, login, all }) => [
    name,
    kB(bytes),
    `${kB(login)} (${round((100 * login) / bytes)} %)`,
    `${kB(all)} (${round((100 * all) / bytes)} %)`,
  ]);
  return markdownTable([`Node ${version}`, 'kB', 'run by a login', 'run by all logins'], cells);
}

function reading(rows, { asIs, minified, rows: origins }) {
  const { better, worse } = compare([(id) => rows.find((row) => row.id === id)?.packed ?? 0]);
  const others = origins.filter(({ name }) => name !== 'our code');
  const idle = others.reduce((sum, { bytes, all }) => sum + bytes - all, 0);
  return [
    `- Larger to download than ours: ${list(worse)}. Smaller: ${list(better)}.`,
    `- A login loads one file of ${kB(asIs.bytes)} kB (${kB(asIs.packed)} packed); minified it would have ${kB(minified.bytes)} (${kB(minified.packed)} packed). It is not minified: a stack trace names a line that can be read, and your own bundler minifies it if you want that. The rest of the package is its other module format, declarations, source maps, documentation, examples, the command line, and the testing tools, which are the larger part: an emulator of the platform that reads GraphQL, in both formats.`,
    `- ${kB(idle)} kB of zod and ky are never run. The bundler cannot be told: what is left after tree shaking are methods of one class (ky's hooks, progress, schemas and search parameters are in \`Ky\`) and branches of one function (zod's checks of strings), and neither package has a smaller entry. Code that is not run is read once and not compiled.`,
  ].join('\n');
}
