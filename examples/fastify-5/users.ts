/** In place of your users: in memory, their passwords hashed with scrypt. */
import { randomBytes, randomUUID, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const hash = promisify<string, Buffer, number, Buffer>(scrypt);

export interface Credentials {
  email: string;
  password: string;
}

export interface User {
  /** Random, and never used again: what Sentiance is given as the external id. */
  id: string;
  email: string;
}

export class UserStore {
  readonly #users = new Map<string, User & { salt: Buffer; passwordHash: Buffer }>();

  /** Adds a user; `undefined` when the address is taken. */
  async add({ email, password }: Credentials): Promise<User | undefined> {
    const salt = randomBytes(16);
    const passwordHash = await hash(password, salt, 64);
    // After the hash, so that of two signups at the same time one is refused.
    if (this.#users.has(email)) return undefined;
    const user = { id: randomUUID(), email, salt, passwordHash };
    this.#users.set(email, user);
    return user;
  }

  /** The user whose password this is; takes as long for an unknown address as for a known one. */
  async verify({ email, password }: Credentials): Promise<User | undefined> {
    const user = this.#users.get(email);
    const passwordHash = await hash(password, user?.salt ?? Buffer.alloc(16), 64);
    return user && timingSafeEqual(passwordHash, user.passwordHash) ? user : undefined;
  }
}
