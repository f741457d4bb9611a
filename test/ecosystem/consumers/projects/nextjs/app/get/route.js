import { login } from '../../login.js';

export async function GET() {
  return new Response(await login());
}
