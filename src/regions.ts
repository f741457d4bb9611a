/** A region of the Sentiance platform. A customer's account, API keys and users live in one. */
export type SentianceRegion = 'eu' | 'us' | 'in';

/**
 * Where each region's platform is: `eu`, `us` (platform code p15), `in` (platform code r16).
 *
 * There is no fallback from one region to another: user ids must not leave their jurisdiction.
 *
 * Source: the user-creation pages of the Sentiance documentation.
 */
export const SENTIANCE_REGIONS: Readonly<
  Record<SentianceRegion, { readonly platformUrl: string }>
> = Object.freeze({
  eu: Object.freeze({ platformUrl: 'https://api.sentiance.com' }),
  us: Object.freeze({ platformUrl: 'https://api.p15.sentiance.com' }),
  in: Object.freeze({ platformUrl: 'https://api.r16.sentiance.com' }),
});

/** The valid regions as error messages list them, with the codes that people know them by. */
export const REGION_LIST = "'eu' (Europe), 'us' (United States, p15) or 'in' (India, r16)";

export function isRegion(value: unknown): value is SentianceRegion {
  return typeof value === 'string' && Object.hasOwn(SENTIANCE_REGIONS, value);
}

/** The host that messages show: without a path, which may hold more than is good for a log. */
export function hostOf(platformUrl: string): string {
  return new URL(platformUrl).host;
}
