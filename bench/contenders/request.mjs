/** The request that every contender sends: the same key, the same body, to the same place. */
export const API_KEY = 'test-user-link-key';
export const PATH = '/users/auth-code';

export const headers = {
  Authorization: `Bearer ${API_KEY}`,
  'Content-Type': 'application/json',
  Accept: 'application/json',
};
