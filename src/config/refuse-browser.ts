import { SentianceConfigurationError } from '../errors.js';

/** Throws in a browser and in React Native, where everyone could read the key. */
export function refuseBrowser(isAllowed: boolean): void {
  if (isAllowed || !isBrowser()) return;
  throw new SentianceConfigurationError(
    'SentianceUserLinkClient is for servers only, but this is a browser or React Native: everyone ' +
      'who has the app could read the API key. Make the call in your backend. In a Jest or Vitest ' +
      "test, use the test environment 'node' (in Jest: @jest-environment node at the top of the " +
      'file) or, to stay in jsdom, pass dangerouslyAllowBrowser: true.',
  );
}

function isBrowser(): boolean {
  const { window, navigator, location, importScripts } = globalThis as {
    window?: { document?: unknown };
    navigator?: { product?: unknown };
    location?: unknown;
    importScripts?: unknown;
  };
  return (
    window?.document !== undefined ||
    navigator?.product === 'ReactNative' ||
    // A web worker has no window. Cloudflare's Workers of an old compatibility date have this
    // function too, but no page that they belong to.
    (typeof importScripts === 'function' && location !== undefined)
  );
}
