/** Responses that do not end, or are far larger than they look. */
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { type Behaviour, answer as respond } from '../loopback-server.js';

/** Sends these bytes over and over, for as long as somebody reads. */
export function pouring(bytes: string, head = ''): Behaviour {
  return ({ socket }) => {
    const pour = () => {
      if (!socket.destroyed) socket.write(bytes, () => setImmediate(pour));
    };
    socket.write(head, pour);
  };
}

export const CHUNKED_HEAD = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';

/** A body of chunks of so many bytes. */
export function pouringChunks(size: number): Behaviour {
  const chunk = `${size.toString(16)}\r\n${' '.repeat(size)}\r\n`;
  return pouring(chunk.repeat(Math.ceil(65_536 / chunk.length)), CHUNKED_HEAD);
}

/** So many interim responses. */
export function interim(status: '102 Processing' | '103 Early Hints', count: number): string {
  return `HTTP/1.1 ${status}\r\nLink: </style.css>; rel=preload\r\n\r\n`.repeat(count);
}

const BOMB_BYTES = 300_000_000;

/** 300 MB in a response of less than two. */
export function bomb(encoding: 'br' | 'gzip' | 'gzip, gzip'): Behaviour {
  const body = compress(encoding, Buffer.alloc(BOMB_BYTES, ' '));
  return respond(200, { headers: { 'content-encoding': encoding }, body });
}

function compress(encoding: Parameters<typeof bomb>[0], bytes: Buffer): Buffer {
  const fast = { params: { [constants.BROTLI_PARAM_QUALITY]: 1 } };
  if (encoding === 'br') return brotliCompressSync(bytes, fast);
  const once = gzipSync(bytes, { level: 1 });
  return encoding === 'gzip' ? once : gzipSync(once);
}
