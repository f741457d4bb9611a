/** Who is measured. Each has a file here that makes a login function: external id in, code out. */

/** `id` is the file's name, `packages` what has to be installed for it. */
export const CONTENDERS = [
  { id: 'ours', label: 'sentiance-user-link', packages: ['sentiance-user-link'] },
  { id: 'fetch', label: 'fetch', packages: [] },
  { id: 'fetch-zod', label: 'fetch + timeout + zod', packages: ['zod'] },
  { id: 'ky-zod', label: 'ky + zod', packages: ['ky', 'zod'] },
  { id: 'axios', label: 'axios + axios-retry + zod', packages: ['axios', 'axios-retry', 'zod'] },
  { id: 'got', label: 'got', packages: ['got'] },
  { id: 'ofetch', label: 'ofetch', packages: ['ofetch'] },
  { id: 'openai', label: 'openai', packages: ['openai'] },
  { id: 'stripe', label: 'stripe', packages: ['stripe'] },
  { id: 'workos', label: 'workos', packages: ['@workos-inc/node'] },
  { id: 'resend', label: 'resend', packages: ['resend'] },
];

/** Measured only where something goes wrong. */
const AWS = {
  id: 'aws-retry',
  label: 'fetch + @smithy/util-retry',
  packages: ['@smithy/util-retry'],
};
const BREAKER = {
  id: 'ours-breaker',
  label: 'sentiance-user-link in a breaker',
  packages: ['sentiance-user-link', 'opossum'],
};

/** Who meets a platform that is slow or loses requests. */
export const IN_TROUBLE = [...CONTENDERS, AWS];

/** Who meets an outage: those that people would expect to come through it. */
export const IN_OUTAGE = ['ours', BREAKER, AWS, 'stripe', 'openai', 'got', 'axios'].map((one) =>
  typeof one === 'string' ? CONTENDERS.find(({ id }) => id === one) : one,
);

const EVERYBODY = [...CONTENDERS, AWS, BREAKER];

export const OURS = 'ours';
export const BARE = 'fetch';

/**
 * The login function of one.
 *
 * @param settings The contender's own that are wanted: `underTrouble` is what it has against trouble,
 *   `held` lets it wait long for one response. Without, or where it has none, its defaults.
 */
export async function createLogin(id, baseUrl, settings) {
  const contender = await import(`./${id}.mjs`);
  return contender.create(baseUrl, contender[settings]);
}

export const labelOf = (id) => EVERYBODY.find((contender) => contender.id === id).label;

/** The packages of these contenders, each once. */
export const packagesOf = (contenders) => [
  ...new Set(contenders.flatMap(({ packages }) => packages)),
];
