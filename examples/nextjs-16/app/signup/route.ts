import { sentianceCode } from '../../lib/sentiance';
import { startSession } from '../../lib/session';
import { readCredentials, users } from '../../lib/users';

export async function POST(request: Request) {
  const credentials = readCredentials(await request.json().catch(() => undefined));
  if (!credentials) {
    const error = 'An email and a password of 8 characters or more, please.';
    return Response.json({ error }, { status: 400 });
  }
  const user = await users.add(credentials);
  if (!user) return Response.json({ error: 'This address has an account.' }, { status: 409 });
  await startSession(user.id);
  const sentiance = await sentianceCode(user.id, request);
  return Response.json({ email: user.email, sentiance }, { status: 201 });
}
