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

export const OURS = 'ours';
export const BARE = 'fetch';

/** The login function of one, with what the contender has against trouble turned on if wanted. */
export async function createLogin(id, baseUrl, underTrouble = false) {
  const contender = await import(`./${id}.mjs`);
  return contender.create(baseUrl, underTrouble ? contender.underTrouble : undefined);
}

export const labelOf = (id) => CONTENDERS.find((contender) => contender.id === id).label;
