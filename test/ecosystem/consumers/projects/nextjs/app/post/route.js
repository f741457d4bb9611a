import { login } from '../../login.js';

export async function POST() {
  return new Response(await login());
}
