/** In place of your users: in memory, their passwords hashed with scrypt. */
'use strict';

const { randomBytes, randomUUID, scrypt, timingSafeEqual } = require('node:crypto');
const { promisify } = require('node:util');

const hash = promisify(scrypt);

class UserStore {
  #users = new Map();

  /** Adds a user; `undefined` when the address is taken. */
  async add({ email, password }) {
    const salt = randomBytes(16);
    const passwordHash = await hash(password, salt, 64);
    // After the hash, so that of two signups at the same time one is refused.
    if (this.#users.has(email)) return undefined;
    // The id is random, and never used again: what Sentiance is given as the external id.
    const user = { id: randomUUID(), email, salt, passwordHash };
    this.#users.set(email, user);
    return user;
  }

  /** The user whose password this is; takes as long for an unknown address as for a known one. */
  async verify({ email, password }) {
    const user = this.#users.get(email);
    const passwordHash = await hash(password, user?.salt ?? Buffer.alloc(16), 64);
    return user && timingSafeEqual(passwordHash, user.passwordHash) ? user : undefined;
  }
}

/** Reads what a signup or a login sent; `undefined` when it is not what it should be. */
function readCredentials({ email, password } = {}) {
  if (typeof email !== 'string' || !/^\S+@\S+$/.test(email)) return undefined;
  if (typeof password !== 'string' || password.length < 8) return undefined;
  return { email, password };
}

module.exports = { readCredentials, UserStore };
