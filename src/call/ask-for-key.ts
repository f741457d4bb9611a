import { checkApiKey } from '../config/api-key.js';
import type { Secrets } from '../safety/secrets.js';
import { apiKeyFunctionFailed } from './call-errors.js';

/** The key from the caller's function. Rejects with a `SentianceConfigurationError`. */
export async function askForKey(
  apiKey: () => string | Promise<string>,
  secrets: Secrets,
): Promise<string> {
  let key: unknown;
  try {
    key = await apiKey();
  } catch (thrown) {
    throw apiKeyFunctionFailed(thrown, secrets);
  }
  return checkApiKey(key, 'The key from the apiKey function');
}
