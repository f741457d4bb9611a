/** What the server and the callers agree on. */

/** As long as the platform's. */
export const CODE = 'c0de'.repeat(32);
/** The external id whose requests are never answered. */
export const HELD_ID = 'user-held';
