/**
 * The emulator as request handlers for MSW 2.11 and later, or 3, which you install.
 *
 * @module sentiance-user-link/testing/msw
 */
import { http, type RequestHandler } from 'msw';
import { SENTIANCE_REGIONS } from 'sentiance-user-link';
import { SentianceEmulator } from 'sentiance-user-link/testing';
import { describe } from '../config/describe.js';
import { readTestOptions, readTexts } from './strict-input.js';

/** What the handlers respond with, and where. */
export interface UserLinkHandlersOptions {
  /** Responds to the requests, so that a test can look into it and inject faults. Default: a new one. */
  emulator?: SentianceEmulator | undefined;
  /** Platform URLs besides those of the regions, as given to `baseUrl`. Default: none. */
  baseUrls?: readonly string[] | undefined;
}

const NAME = 'userLinkHandlers';

/**
 * Request handlers for MSW's `setupServer` that respond as the emulator does, for all regions. Every
 * path below a platform's URL gets a response, so that a wrong one gets a 404 as it would there.
 *
 * @param options The emulator that responds, and platform URLs besides those of the regions.
 * @returns One handler for each platform URL.
 * @throws `TypeError`: An option is unknown or has a bad value.
 */
export function userLinkHandlers(options: UserLinkHandlersOptions = {}): RequestHandler[] {
  const given = readTestOptions(options, ['emulator', 'baseUrls'], NAME);
  const { emulator = new SentianceEmulator() } = given;
  if (!isEmulator(emulator)) {
    throw new TypeError(
      `${NAME}: emulator must be a SentianceEmulator, but it is ${describe(emulator)}.`,
    );
  }
  const baseUrls = readTexts(`${NAME}: baseUrls`, given.baseUrls);
  if (!baseUrls.every((url) => URL.canParse(url))) {
    throw new TypeError(`${NAME}: baseUrls must be absolute URLs such as https://api.example.com.`);
  }
  const regions = Object.values(SENTIANCE_REGIONS).map(({ platformUrl }) => platformUrl);
  // As requests have it: in lower case, without the usual port or trailing slashes.
  const bases = [...regions, ...baseUrls].map((url) => new URL(url).href.replace(/\/+$/, ''));
  // The longest first: one may lie below another.
  bases.sort((a, b) => b.length - a.length);
  return bases.map((base) => {
    // Not a path in MSW's own notation: an IPv6 host and a path can have characters that it reads.
    const below = new RegExp(`^${base.replaceAll(/[\\^$.*+?()[\]{}|]/g, '\\$&')}/`);
    return http.all(below, ({ request }) => {
      // The emulator's paths begin at the root; a base URL may have a path of its own. Its origin stays, since a code is of the platform that it was asked from.
      const path = request.url.slice(base.length);
      return emulator.handle(new Request(new URL(base).origin + path, request));
    });
  });
}

/** By its shape: the test may have another copy of the class. */
function isEmulator(value: unknown): value is Pick<SentianceEmulator, 'handle'> {
  return typeof value === 'object' && value !== null && 'handle' in value;
}
