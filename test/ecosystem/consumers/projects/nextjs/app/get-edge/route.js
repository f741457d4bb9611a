import { login } from '../../login.js';

export const runtime = 'edge';

export async function GET() {
  return new Response(await login());
}
