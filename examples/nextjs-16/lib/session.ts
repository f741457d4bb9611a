import { getIronSession } from 'iron-session';
import { cookies } from 'next/headers';

export async function getSession() {
  const { NODE_ENV, SESSION_SECRET } = process.env;
  if (!SESSION_SECRET) throw new Error('Set SESSION_SECRET.');
  return getIronSession<{ userId?: string }>(await cookies(), {
    cookieName: 'session',
    password: SESSION_SECRET,
    cookieOptions: { secure: NODE_ENV === 'production' },
  });
}

export async function startSession(userId: string): Promise<void> {
  const session = await getSession();
  session.userId = userId;
  await session.save();
}
