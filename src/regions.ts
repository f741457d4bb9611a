/**
 * The regions. Whatever lists them reads it here, and the compiler names what a new one lacks.
 */

/** A region of the Sentiance platform. A customer's account, API keys and users live in one. */
export type SentianceRegion = 'eu' | 'us' | 'in';

/**
 * Where each region's platform is. Frozen, since the API key goes there.
 *
 * There is no fallback from one region to another: user ids must not leave their jurisdiction.
 *
 * Source: the user-creation pages of the Sentiance documentation.
 */
export const SENTIANCE_REGIONS: Readonly<
  Record<
    SentianceRegion,
    {
      /** The origin that requests go to; no trailing slash. */
      readonly platformUrl: string;
    }
  >
> = Object.freeze({
  eu: Object.freeze({ platformUrl: 'https://api.sentiance.com' }),
  us: Object.freeze({ platformUrl: 'https://api.p15.sentiance.com' }),
  in: Object.freeze({ platformUrl: 'https://api.r16.sentiance.com' }),
});

/** What people know a region by: the place, and the vendor's platform code where there is one. */
const KNOWN_AS = {
  eu: 'Europe',
  us: 'United States, p15',
  in: 'India, r16',
} satisfies Record<SentianceRegion, string>;

/** The valid regions as error messages list them. */
export function listRegions(): string {
  const regions = Object.entries(KNOWN_AS).map(([region, name]) => `'${region}' (${name})`);
  return `${regions.slice(0, -1).join(', ')} or ${regions.at(-1)}`;
}

export function isRegion(value: unknown): value is SentianceRegion {
  return typeof value === 'string' && Object.hasOwn(SENTIANCE_REGIONS, value);
}

/** The host that messages show: without a path, which may hold more than is good for a log. */
export function hostOf(platformUrl: string): string {
  return new URL(platformUrl).host;
}
