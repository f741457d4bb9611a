/** A serverless function: one event in, one response out, a client for all of them. */
import { SentianceAuthenticationError, SentianceUserLinkClient } from 'sentiance-user-link';

const sentiance = new SentianceUserLinkClient({ baseUrl: process.env.SENTIANCE_BASE_URL });

export async function handler({ userId }) {
  const result = await sentiance.tryCreateAuthenticationCode(userId);
  if (result.ok) return { statusCode: 200, body: JSON.stringify(result.value) };
  const { error } = result;
  const keyRefused = error instanceof SentianceAuthenticationError;
  return { statusCode: 200, body: JSON.stringify({ sentiance: null, keyRefused, error }) };
}
