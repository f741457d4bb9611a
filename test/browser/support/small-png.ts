/** Makes screenshots small enough for a repository: 256 colours, of which a calm page has no more. */
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE_BYTES = 8;
/** Chromium's screenshots have no alpha. */
const BYTES_A_PIXEL = 3;
const PALETTE = 256;
/** Backgrounds and lines, which are large and close to each other. */
const ALWAYS_KEPT = 24;
/** Of squared differences of red, green and blue. */
const HARDLY_ANOTHER = 150;

interface Chunk {
  type: string;
  data: Buffer;
}

/** The same picture with at most 256 colours; each rarer one becomes the nearest of them. */
export function smallPng(png: Buffer): Buffer {
  const chunks = readChunks(png);
  const header = Buffer.from(chunks.find(({ type }) => type === 'IHDR')?.data ?? []);
  const width = header.readUInt32BE(0);
  if (header[8] !== 8 || header[9] !== 2) throw new Error('Only 8-bit RGB is read here.');
  const data = chunks.filter(({ type }) => type === 'IDAT').map((chunk) => chunk.data);
  const pixels = unfilter(inflateSync(Buffer.concat(data)), width * BYTES_A_PIXEL);
  const { palette, indexes } = reduce(pixels);
  const rows: Buffer[] = [];
  for (let at = 0; at < indexes.length; at += width) {
    rows.push(Buffer.from([0]), indexes.subarray(at, at + width));
  }
  header[9] = 3;
  return Buffer.concat([
    png.subarray(0, SIGNATURE_BYTES),
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function readChunks(png: Buffer): Chunk[] {
  const chunks: Chunk[] = [];
  let at = SIGNATURE_BYTES;
  while (at < png.length) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, data: png.subarray(at + 8, at + 8 + length) });
    at += 12 + length;
  }
  return chunks;
}

/** Takes back what PNG does to each row before it is compressed. */
function unfilter(filtered: Buffer, rowBytes: number): Buffer {
  const height = filtered.length / (rowBytes + 1);
  const pixels = Buffer.alloc(rowBytes * height);
  const byteAt = (x: number, y: number) => (x < 0 || y < 0 ? 0 : (pixels[y * rowBytes + x] ?? 0));
  for (let y = 0; y < height; y += 1) {
    const start = y * (rowBytes + 1);
    const filter = filtered[start] ?? 0;
    for (let x = 0; x < rowBytes; x += 1) {
      const left = byteAt(x - BYTES_A_PIXEL, y);
      const guess = guessOf(filter, left, byteAt(x, y - 1), byteAt(x - BYTES_A_PIXEL, y - 1));
      pixels[y * rowBytes + x] = (filtered[start + 1 + x] ?? 0) + guess;
    }
  }
  return pixels;
}

function guessOf(filter: number, left: number, above: number, corner: number): number {
  if (filter === 0) return 0;
  if (filter === 1) return left;
  if (filter === 2) return above;
  if (filter === 3) return (left + above) >> 1;
  const sum = left + above - corner;
  const [a, b, c] = [Math.abs(sum - left), Math.abs(sum - above), Math.abs(sum - corner)];
  return a <= b && a <= c ? left : b <= c ? above : corner;
}

function reduce(pixels: Buffer): { palette: Buffer; indexes: Buffer } {
  const counts = new Map<number, number>();
  const colours = new Uint32Array(pixels.length / BYTES_A_PIXEL);
  for (let n = 0; n < colours.length; n += 1) {
    const colour = pixels.readUIntBE(n * BYTES_A_PIXEL, BYTES_A_PIXEL);
    colours[n] = colour;
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const sorted = [...counts.keys()].sort((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
  const kept = mostDistinct(sorted);
  const indexOf = new Map(sorted.map((colour) => [colour, nearest(colour, kept)]));
  const palette = Buffer.alloc(kept.length * BYTES_A_PIXEL);
  for (const [n, colour] of kept.entries()) palette.writeUIntBE(colour, n * BYTES_A_PIXEL, 3);
  const indexes = Buffer.alloc(colours.length);
  for (const [n, colour] of colours.entries()) indexes[n] = indexOf.get(colour) ?? 0;
  return { palette, indexes };
}

/** The most frequent ones, less what is hardly another colour than one of them. */
function mostDistinct(sorted: readonly number[]): number[] {
  const kept = sorted.slice(0, ALWAYS_KEPT);
  for (const colour of sorted.slice(ALWAYS_KEPT)) {
    if (kept.length === PALETTE) break;
    if (distance(colour, kept[nearest(colour, kept)] ?? 0) > HARDLY_ANOTHER) kept.push(colour);
  }
  return kept;
}

function nearest(colour: number, palette: readonly number[]): number {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (const [n, other] of palette.entries()) {
    const far = distance(colour, other);
    if (far >= least) continue;
    least = far;
    best = n;
  }
  return best;
}

function distance(one: number, other: number): number {
  const difference = (shift: number) => ((one >> shift) & 255) - ((other >> shift) & 255);
  return difference(16) ** 2 + difference(8) ** 2 + difference(0) ** 2;
}

function chunk(type: string, data: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const frame = Buffer.alloc(8);
  frame.writeUInt32BE(data.length, 0);
  frame.writeUInt32BE(crc32(typed), 4);
  return Buffer.concat([frame.subarray(0, 4), typed, frame.subarray(4)]);
}
