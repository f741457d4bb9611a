/** What the emulator says when it listens. */
import { networkInterfaces } from 'node:os';
import type { SentianceEmulator } from 'sentiance-user-link/testing';

interface Settings {
  /** As it was asked for. */
  host: string;
  /** Of a code, in seconds. */
  lifetime: number;
}

export function banner({ url, apiKey }: SentianceEmulator, { host, lifetime }: Settings): string {
  const key = quoted(apiKey);
  const header = quoted(`Authorization: Bearer ${apiKey}`);
  return `export SENTIANCE_BASE_URL=${url}
export SENTIANCE_USER_LINK_API_KEY=${key}

Paste the two lines where your backend starts: it then asks this emulator of the Sentiance platform,
which runs until Ctrl-C. A code lives ${lifetime} seconds.
${networks(url, host)}
  URL:      ${url}  (a page: watch, and play the app)
  API key:  ${apiKey}

Ask for a code, as your backend does:
  curl -s ${url}/users/auth-code -H ${header} -H 'Content-Type: application/json' -d '{"external_id":"user-1001"}'
Redeem it, as the SDK in your app does:
  curl -s ${url}/_emulator/users -d '{"authenticationCode":"<the code>","device":{"id":"phone-1","type":"phone"}}'
All that curl can do:
  curl -s ${url}/_emulator

The real mobile SDK cannot use this emulator: its createUser asks Sentiance itself, where these codes
are unknown, and nothing here takes its trips. Your app and backend are real up to the code; from
createUser on, the page or curl plays the SDK.
`;
}

/** What listening beyond this machine means, where it does. */
function networks(url: string, host: string): string {
  const { hostname, port } = new URL(url);
  const isEveryNetwork = hostname.replace(/^\[|\]$/g, '') !== host.toLowerCase();
  if (!isEveryNetwork) return '';
  const others = addresses().map((address) => `  http://${address}:${port}\n`);
  return `
${host} means all networks of this machine: whoever reaches it can use the emulator, and see what it
shows. From elsewhere it is asked at
${others.join('') || `  port ${port} of this machine, which has no network now\n`}Plain http beyond this machine needs the client's option dangerouslyAllowHttp: true.
`;
}

function addresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((all) => all ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address);
}

/** As a shell takes it. */
function quoted(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
