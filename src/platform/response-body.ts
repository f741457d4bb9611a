/** Reads a response's body, up to 1 MiB. */
import type { FetchBodyReader } from '../options.js';

/** Larger bodies are not read to their end; a real one has some 200 bytes. */
const MAX_BODY_BYTES = 1_048_576;

/** The text of a body, or why it has none. */
export type ResponseBody = string | { unreadable: 'too_large' | 'not_bytes' | 'not_utf8' };

/**
 * @param isOver Asked at every chunk whether the attempt has ended: a stream that always has another
 *   chunk ready lets no timer fire that could say so.
 */
export async function readBody(
  reader: FetchBodyReader,
  isOver: () => boolean,
): Promise<ResponseBody> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    if (isOver()) {
      letGo(reader);
      throw new Error('The attempt is over.');
    }
    const { done, value } = await reader.read();
    if (done) return decode(chunks, size);
    // A stream of strings has no lengths to add up, and could go on for ever.
    if (!ArrayBuffer.isView(value)) return giveUp(reader, 'not_bytes');
    size += value.byteLength;
    if (size > MAX_BODY_BYTES) return giveUp(reader, 'too_large');
    chunks.push(value);
  }
}

function giveUp(reader: FetchBodyReader, unreadable: 'not_bytes' | 'too_large'): ResponseBody {
  letGo(reader);
  return { unreadable };
}

/** Cancels a body that is not needed, and frees its connection. */
export function letGo(body: { cancel(): Promise<void> } | null | undefined): void {
  const cancelled = async () => body?.cancel();
  // It was gone already, or a custom fetch gave one that cannot be cancelled.
  cancelled().catch(() => {});
}

let decoder: InstanceType<typeof TextDecoder> | undefined;

/** JSON is UTF-8 (RFC 8259), whatever charset the response claims. */
function decode(chunks: readonly Uint8Array[], size: number): ResponseBody {
  // Not at the top: Jest's jsdom has none, and the constructor's refusal would not be reached there.
  decoder ??= new TextDecoder('utf-8', { fatal: true });
  try {
    return decoder.decode(joined(chunks, size));
  } catch {
    return { unreadable: 'not_utf8' };
  }
}

function joined(chunks: readonly Uint8Array[], size: number): Uint8Array {
  const [first] = chunks;
  if (first?.byteLength === size) return first;
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return bytes;
}
