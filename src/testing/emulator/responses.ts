/** The platform's responses as the Fetch API has them, wrong ones included. */
import type { EmulatorFault } from './faults.js';

export function json(
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'Content-Type': 'application/json', ...headers },
  });
}

/** No response: the server cuts the connection, MSW makes the request fail. */
export function noResponse(): Response {
  return Response.error();
}

export function isNoResponse(response: Response): boolean {
  return response.type === 'error';
}

/** The same response, which promises its whole length and ends after half of it. */
export async function cutInHalf(whole: Response): Promise<Response> {
  const bytes = new Uint8Array(await whole.arrayBuffer());
  let sent = false;
  const body = new ReadableStream<Uint8Array>({
    // In two steps, so that the first half is on its way before the cut.
    pull(controller) {
      if (sent) controller.error(new TypeError('terminated'));
      else controller.enqueue(bytes.subarray(0, bytes.length / 2));
      sent = true;
    },
  });
  const headers = new Headers(whole.headers);
  headers.set('Content-Length', String(bytes.length));
  return new Response(body, { status: whole.status, headers });
}

type WrongResponse = Extract<EmulatorFault['type'], 'malformed_json' | 'wrong_shape' | 'html'>;

export function wrongResponse(type: WrongResponse): Response {
  if (type === 'wrong_shape') return json(200, { code: 'not where it should be' });
  const isHtml = type === 'html';
  const body = isHtml ? '<!doctype html><title>Sign in</title>' : '{"authentication_code":"cut o';
  return new Response(body, {
    headers: { 'Content-Type': isHtml ? 'text/html; charset=utf-8' : 'application/json' },
  });
}
