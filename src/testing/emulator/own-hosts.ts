/** The names under which an emulator can be asked: where it listens, and loopback. */
import { hostname as machineName, networkInterfaces } from 'node:os';

/** Where a server listens. */
export interface ListeningAt {
  /** As it was asked for. */
  host: string;
  /** The IP address that this came to. */
  address: string;
  port: number;
}

/** Whether this is an address of all networks of the machine. */
export function isEveryNetwork(address: string): boolean {
  return address === '0.0.0.0' || address === '::';
}

/** A host as URLs have it. */
export function hostInUrl(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

/**
 * Whether a `Host` header names this server. Under any other name a web page asks whose own name was
 * made to lead here (DNS rebinding).
 */
export function isOwnHost(header: string, listening: ListeningAt | undefined): boolean {
  const name = hostnameOf(header);
  if (name === undefined) return false;
  if (isLoopback(name)) return true;
  if (listening === undefined) return false;
  const { host, address } = listening;
  if (name === hostnameOf(hostInUrl(host)) || name === hostInUrl(address)) return true;
  if (!isEveryNetwork(address)) return false;
  // A name without a dot is a neighbour's, as in Docker Compose: no web page comes from one.
  return !/[.:]/.test(name) || name === machineName().toLowerCase() || isOwnAddress(name);
}

function isOwnAddress(name: string): boolean {
  return Object.values(networkInterfaces()).some((addresses) =>
    addresses?.some(({ address }) => hostInUrl(address) === name),
  );
}

function isLoopback(name: string): boolean {
  return (
    name === 'localhost' ||
    name.endsWith('.localhost') ||
    name === '[::1]' ||
    /^127(\.\d+){3}$/.test(name)
  );
}

/** The name in a `Host` header, as URLs have it. */
function hostnameOf(header: string): string | undefined {
  const url = `http://${header}`;
  const isHost = /^([\w.-]+|\[[\da-f:.]+\])(:\d+)?$/i.test(header) && URL.canParse(url);
  return isHost ? new URL(url).hostname : undefined;
}
