import { sentianceCode } from '../../../lib/sentiance';
import { getSession } from '../../../lib/session';

/** The app asks again when it got no code, or the code has expired. */
export async function GET(request: Request) {
  const { userId } = await getSession();
  if (!userId) return Response.json({ error: 'Log in first.' }, { status: 401 });
  const code = await sentianceCode(userId, request);
  if (code) return Response.json(code);
  return Response.json({ error: 'No code now. Ask again later.' }, { status: 503 });
}
