/** The codes that were handed out; as many as memory allows for, whoever asks. */
import { createHash } from 'node:crypto';
import { shortened } from './shortened-text.js';

/** The oldest are forgotten. */
const MAX_CODES = 10_000;
/** The state is asked for whenever it changes. */
const MAX_LISTED = 1_000;
/** How long after its end a code is still known to have expired. */
const KEPT_AFTER_EXPIRY = 3_600_000;

/** A code, as it may be shown. */
export interface EmulatedCode {
  /** 1 for the first code since the start or the last reset. */
  readonly id: number;
  /** Its first 8 characters and `…`. */
  readonly code: string;
  /** At most 256 characters of it. */
  readonly externalId: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly state: 'valid' | 'redeemed' | 'expired';
  /** The device that it was redeemed on. */
  readonly redeemedBy?: string;
}

export interface IssuedCode {
  readonly id: number;
  readonly code: string;
  readonly externalId: string;
  /** Tells users apart by their whole external id, of which a long one is not kept. */
  readonly userKey: string;
  /** The origin of the platform that it was asked from: it is unknown on another. */
  readonly platform: string;
  readonly issuedAt: number;
  readonly expiresAt: number;
  redeemedBy?: string;
}

interface CodeRequest {
  externalId: string;
  platform: string;
  now: number;
  lifetime: number;
}

export class IssuedCodes {
  readonly #codes = new Map<string, IssuedCode>();
  #count = 0;

  /** Issues a code of 128 hexadecimal digits; the n-th code is the same in every run. */
  issue({ externalId, platform, now, lifetime }: CodeRequest): IssuedCode {
    this.#count += 1;
    const issued: IssuedCode = {
      id: this.#count,
      code: createHash('sha512').update(`code ${this.#count}`).digest('hex'),
      externalId: shortened(externalId),
      userKey: userKeyOf(externalId),
      platform,
      issuedAt: now,
      expiresAt: now + lifetime,
    };
    this.#codes.set(issued.code, issued);
    this.#forget(now);
    return issued;
  }

  find(authenticationCode: string): IssuedCode | undefined {
    return this.#codes.get(authenticationCode);
  }

  findById(id: number): IssuedCode | undefined {
    return [...this.#codes.values()].find((issued) => issued.id === id);
  }

  /** The last ones, oldest first. */
  list(now: number): EmulatedCode[] {
    this.#forget(now);
    return [...this.#codes.values()].slice(-MAX_LISTED).map((issued) => shownCode(issued, now));
  }

  /** In the order of issue, which is that of expiry, but for a clock that was put back. */
  #forget(now: number): void {
    for (const [code, { expiresAt }] of this.#codes) {
      if (this.#codes.size <= MAX_CODES && expiresAt + KEPT_AFTER_EXPIRY > now) return;
      this.#codes.delete(code);
    }
  }
}

/** Of a long id its digest, which with its sign is longer than every short id. */
function userKeyOf(externalId: string): string {
  if (externalId.length <= 64) return externalId;
  return `#${createHash('sha256').update(externalId).digest('hex')}`;
}

function shownCode(issued: IssuedCode, now: number): EmulatedCode {
  const { id, code, externalId, redeemedBy } = issued;
  return {
    id,
    code: `${code.slice(0, 8)}…`,
    externalId,
    issuedAt: new Date(issued.issuedAt),
    expiresAt: new Date(issued.expiresAt),
    state: redeemedBy !== undefined ? 'redeemed' : issued.expiresAt <= now ? 'expired' : 'valid',
    ...(redeemedBy === undefined ? {} : { redeemedBy }),
  };
}
