/** Which platform a client asks: a region's, or the one at `baseUrl`. */
import { SentianceConfigurationError } from '../errors.js';
import { DEFAULTS, ENVIRONMENT } from '../options.js';
import { isRegion, listRegions, SENTIANCE_REGIONS, type SentianceRegion } from '../regions.js';
import { checkBaseUrl } from './base-url.js';
import { describe } from './describe.js';
import { readEnvironment } from './environment.js';

export interface Platform {
  platformUrl: string;
  /** `undefined` with a base URL. */
  region: SentianceRegion | undefined;
  /** Whether nobody chose the region. */
  isDefault: boolean;
}

interface PlatformOptions {
  region: unknown;
  baseUrl: unknown;
  allowHttp: boolean;
}

export function readPlatform({ region, baseUrl, allowHttp }: PlatformOptions): Platform {
  if (region !== undefined && baseUrl !== undefined) {
    throw new SentianceConfigurationError(
      'region and baseUrl exclude each other. Pass region for the platform of a region, or baseUrl for another host.',
    );
  }
  if (baseUrl !== undefined) return atBaseUrl(checkBaseUrl(baseUrl, 'baseUrl', allowHttp));
  if (region !== undefined) return inRegion(region, 'region');

  const baseUrlVariable = readEnvironment(ENVIRONMENT.baseUrl);
  if (baseUrlVariable !== undefined) {
    const source = `The environment variable ${ENVIRONMENT.baseUrl}`;
    return atBaseUrl(checkBaseUrl(baseUrlVariable, source, allowHttp));
  }
  const regionVariable = readEnvironment(ENVIRONMENT.region);
  if (regionVariable !== undefined) {
    return inRegion(regionVariable, `The environment variable ${ENVIRONMENT.region}`);
  }
  return { ...inRegion(DEFAULTS.region, 'region'), isDefault: true };
}

function atBaseUrl(platformUrl: string): Platform {
  return { platformUrl, region: undefined, isDefault: false };
}

function inRegion(region: unknown, source: string): Platform {
  if (isRegion(region)) {
    return { platformUrl: SENTIANCE_REGIONS[region].platformUrl, region, isDefault: false };
  }
  throw new SentianceConfigurationError(
    `${source} must be ${listRegions()}, but it is ${typeof region === 'string' ? 'something else' : describe(region)}.`,
  );
}
