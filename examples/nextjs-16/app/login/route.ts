import { sentianceCode } from '../../lib/sentiance';
import { startSession } from '../../lib/session';
import { readCredentials, users } from '../../lib/users';

export async function POST(request: Request) {
  const credentials = readCredentials(await request.json().catch(() => undefined));
  const user = credentials && (await users.verify(credentials));
  if (!user) return Response.json({ error: 'Wrong email or password.' }, { status: 401 });
  await startSession(user.id);
  return Response.json({ email: user.email, sentiance: await sentianceCode(user.id, request) });
}
