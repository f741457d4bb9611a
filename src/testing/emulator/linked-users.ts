/**
 * The platform's users and their devices: what happens to a code after the app has it.
 *
 * Documented by the vendor (user creation pages): restoration, one active device a user with the
 * phone-before-tablet exception, one user a device. Assumed: a code can be redeemed once; a code
 * that is unknown, used or expired fails with `SERVER_ERROR` and leaves the device as it was; a
 * device that was deactivated keeps its user until it is reset.
 */
import { createHash } from 'node:crypto';

/** A device that runs the mobile SDK. */
export interface EmulatedDevice {
  id: string;
  type: 'phone' | 'tablet';
}

/** A Sentiance user, made when its first code was redeemed. */
export interface EmulatedUser {
  readonly userId: string;
  readonly externalId: string;
  /** The one device whose SDK is active, if any is. */
  readonly activeDevice?: Readonly<EmulatedDevice>;
  /** Every device that has this user, the active one included. */
  readonly devices: readonly Readonly<EmulatedDevice>[];
}

/** What `createUser` on the device gives. */
export interface CreatedUser {
  userId: string;
  /** Whether the external id was linked already, so that no new user was made. */
  restored: boolean;
  /** Whether the SDK is active on this device; not on a tablet while a phone is. */
  active: boolean;
}

/** Why the mobile SDK's `createUser` fails, in its own words. */
export type CreateUserFailureReason = 'USER_ALREADY_EXISTS' | 'SERVER_ERROR';

/** `createUser` failed on the device. */
export class CreateUserError extends Error {
  /** The mobile SDK's failure reason. */
  readonly reason: CreateUserFailureReason;

  constructor(reason: CreateUserFailureReason, message: string) {
    super(`${reason}: ${message}`);
    this.name = 'CreateUserError';
    this.reason = reason;
  }
}

interface User {
  userId: string;
  externalId: string;
  activeDeviceId: string | undefined;
  devices: Map<string, EmulatedDevice>;
}

interface IssuedCode {
  externalId: string;
  expiresAt: number;
  redeemed: boolean;
}

export class LinkedUsers {
  readonly #codes = new Map<string, IssuedCode>();
  readonly #users = new Map<string, User>();

  /** Issues a code of 128 hexadecimal digits; the n-th code is the same in every run. */
  issueCode(externalId: string, expiresAt: number): string {
    const code = digest('sha512', `code ${this.#codes.size + 1}`);
    this.#codes.set(code, { externalId, expiresAt, redeemed: false });
    return code;
  }

  redeem(authenticationCode: string, device: EmulatedDevice, now: number): CreatedUser {
    // The SDK looks at its own device first, so the code is still good after a reset.
    if (this.#userOn(device.id) !== undefined) {
      throw new CreateUserError(
        'USER_ALREADY_EXISTS',
        'the device has a user already. Reset the SDK at logout, before another user logs in.',
      );
    }
    const code = this.#usableCode(authenticationCode, now);
    code.redeemed = true;
    const known = this.#users.get(code.externalId);
    const user = known ?? this.#addUser(code.externalId);
    const { activeDeviceId } = user;
    const activeType = activeDeviceId && user.devices.get(activeDeviceId)?.type;
    const active = !(activeType === 'phone' && device.type === 'tablet');
    user.devices.set(device.id, device);
    if (active) user.activeDeviceId = device.id;
    return { userId: user.userId, restored: known !== undefined, active };
  }

  /** Takes the user off the device; does nothing when it has none. */
  resetDevice(deviceId: string): void {
    const user = this.#userOn(deviceId);
    user?.devices.delete(deviceId);
    if (user?.activeDeviceId === deviceId) user.activeDeviceId = undefined;
  }

  list(): EmulatedUser[] {
    return [...this.#users.values()].map(({ userId, externalId, activeDeviceId, devices }) => {
      const activeDevice = activeDeviceId === undefined ? undefined : devices.get(activeDeviceId);
      const user = { userId, externalId, devices: [...devices.values()].map(copy) };
      return activeDevice ? { ...user, activeDevice: copy(activeDevice) } : user;
    });
  }

  #usableCode(authenticationCode: string, now: number): IssuedCode {
    const code = this.#codes.get(authenticationCode);
    const problem =
      code === undefined
        ? 'was not issued by this emulator, or before its last reset'
        : code.redeemed
          ? 'was used already'
          : code.expiresAt <= now
            ? 'has expired'
            : undefined;
    if (code === undefined || problem !== undefined) {
      throw new CreateUserError(
        'SERVER_ERROR',
        `the authentication code ${problem}. Ask the backend for a new one.`,
      );
    }
    return code;
  }

  #addUser(externalId: string): User {
    const userId = digest('sha256', `user ${this.#users.size + 1}`).slice(0, 24);
    const user: User = { userId, externalId, activeDeviceId: undefined, devices: new Map() };
    this.#users.set(externalId, user);
    return user;
  }

  #userOn(deviceId: string): User | undefined {
    return [...this.#users.values()].find((user) => user.devices.has(deviceId));
  }
}

function copy(device: EmulatedDevice): EmulatedDevice {
  return { ...device };
}

function digest(algorithm: 'sha256' | 'sha512', text: string): string {
  return createHash(algorithm).update(text).digest('hex');
}
