/** A Worker that shares its client between requests, as the retry budget wants it. */
import { SentianceUserLinkClient } from 'sentiance-user-link';

let sentiance;

export default {
  async fetch(request, env) {
    sentiance ??= new SentianceUserLinkClient({
      apiKey: env.SENTIANCE_USER_LINK_API_KEY,
      baseUrl: env.SENTIANCE_BASE_URL,
      hedgeAfter: 200,
    });
    const result = await sentiance.tryCreateAuthenticationCode('user-1', {
      signal: request.signal,
    });
    console.log(sentiance, result);
    return Response.json(result);
  },
};
