/** The body of a request, within bounds. */

/** A real body has some 60 bytes. */
export const MAX_BODY_BYTES = 65_536;

/** The text of the body; `undefined` when there is more of it than is read. */
export async function readBody(request: Request): Promise<string | undefined> {
  try {
    const bytes = await request.arrayBuffer();
    return bytes.byteLength > MAX_BODY_BYTES ? undefined : new TextDecoder().decode(bytes);
  } catch {
    // The client went away: nobody hears the response.
    return '';
  }
}

/** The JSON in a text, whatever it is; `undefined` when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
