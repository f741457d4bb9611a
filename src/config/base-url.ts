import { SentianceConfigurationError } from '../errors.js';

/**
 * The platform's URL without a trailing slash, or an error that says what a base URL must not have.
 *
 * @param source The option or the environment variable, as messages name it.
 */
export function checkBaseUrl(value: unknown, source: string, allowHttp: boolean): string {
  const url = parseUrl(value);
  if (url === undefined) {
    throw new SentianceConfigurationError(
      `${source} must be an absolute URL such as https://api.example.com, as a string or a URL.`,
    );
  }
  const isPlainHttp = url.protocol === 'http:';
  if (url.protocol !== 'https:' && !(isPlainHttp && (allowHttp || isLoopback(url.hostname)))) {
    const wayOut = isPlainHttp
      ? ' On a test network, such as that of Docker Compose, pass dangerouslyAllowHttp: true.'
      : '';
    throw new SentianceConfigurationError(
      `${source} must use https, because the API key goes there. Plain http is for loopback only: localhost, 127.0.0.0/8 or [::1].${wayOut}`,
    );
  }
  if (url.username !== '' || url.password !== '') {
    throw new SentianceConfigurationError(
      `${source} must not have a user name or password in it. Pass the key as apiKey.`,
    );
  }
  // Not url.search and url.hash: both are empty for a lone "?" or "#".
  if (/[?#]/.test(url.href)) {
    throw new SentianceConfigurationError(
      `${source} must not have a query or a fragment. End it with the host or a path.`,
    );
  }
  return url.href.replace(/\/+$/, '');
}

/** Takes a URL object of another realm too, as in a Jest test. */
function parseUrl(value: unknown): URL | undefined {
  if (typeof value !== 'string' && typeof value !== 'object') return undefined;
  try {
    return new URL(String(value));
  } catch {
    return undefined;
  }
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d+){3}$/.test(hostname);
}
