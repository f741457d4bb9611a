import { login } from '../../login.js';

export async function GET(request) {
  const code = await login();
  // Until here, Next.js does not know that the route depends on its request.
  request.headers.get('cookie');
  return new Response(code);
}
