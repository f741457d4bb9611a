/**
 * The platform's users and their devices: what happens to a code after the app has it.
 *
 * Documented by the vendor (user creation pages): restoration, one active device a user with the
 * phone-before-tablet exception, one user a device. Assumed: a device that was deactivated keeps its
 * user until it is reset.
 */
import { createHash } from 'node:crypto';
import { refuseUnknownFields } from '../strict-input.js';
import { CreateUserError } from './create-user-error.js';

/** More users, or devices with a user, than anybody tries by hand. */
const MOST = 10_000;
const MAX_DEVICE_ID = 256;

/** A device that runs the mobile SDK. */
export interface EmulatedDevice {
  /** The id that `createUser` was given. */
  id: string;
  /** A phone stays active while its user logs in on a tablet. */
  type: 'phone' | 'tablet';
}

/** A Sentiance user, made when its first code was redeemed. */
export interface EmulatedUser {
  /** The Sentiance user id, which only the app learns. */
  readonly userId: string;
  /** Your platform's id, as the code was asked for. At most 256 characters of it. */
  readonly externalId: string;
  /** The one device whose SDK is active, if any is. */
  readonly activeDevice?: Readonly<EmulatedDevice>;
  /** Every device that has this user, the active one included. */
  readonly devices: readonly Readonly<EmulatedDevice>[];
}

/** A device that has a user, as the state shows it. */
interface LinkedDevice extends Readonly<EmulatedDevice> {
  /** Whether its SDK is the user's active one. */
  readonly active: boolean;
  /** Since when it is active, or not. */
  readonly since: Date;
  /** The device whose login switched this one off. */
  readonly switchedOffBy?: { readonly deviceId: string; readonly type: 'phone' | 'tablet' };
}

/** A user, as the state shows it. */
export interface ShownUser extends EmulatedUser {
  readonly devices: readonly LinkedDevice[];
}

/** What `createUser` on the device gives. */
export interface CreatedUser {
  /** The Sentiance user id. */
  userId: string;
  /** Whether the external id was linked already, so that no new user was made. */
  restored: boolean;
  /** Whether the SDK is active on this device; not on a tablet while a phone is. */
  active: boolean;
}

interface User {
  userId: string;
  externalId: string;
  activeDeviceId: string | undefined;
  devices: Map<string, LinkedDevice>;
}

/** Whose login it is. */
interface Owner {
  userKey: string;
  externalId: string;
}

export class LinkedUsers {
  readonly #users = new Map<string, User>();
  readonly #userOn = new Map<string, User>();

  /** Throws when the device has a user: the SDK looks there first, before it spends a code. */
  checkDevice(deviceId: string): void {
    if (!this.#userOn.has(deviceId)) return;
    throw new CreateUserError(
      'USER_ALREADY_EXISTS',
      'the device has a user already. Reset the SDK at logout, before another user logs in.',
    );
  }

  /** Makes the user, or restores it, on a device that has none. */
  link({ userKey, externalId }: Owner, device: EmulatedDevice, now: number): CreatedUser {
    if (this.#userOn.size >= MOST || this.#users.size >= MOST) {
      throw new CreateUserError('SERVER_ERROR', 'the emulator is full. Reset it.');
    }
    const known = this.#users.get(userKey);
    const user = known ?? this.#addUser(userKey, externalId);
    const current = activeDeviceOf(user);
    const active = !(current?.type === 'phone' && device.type === 'tablet');
    const since = new Date(now);
    if (active && current !== undefined) {
      const switchedOffBy = { deviceId: device.id, type: device.type };
      user.devices.set(current.id, { ...current, active: false, since, switchedOffBy });
    }
    user.devices.set(device.id, { id: device.id, type: device.type, active, since });
    if (active) user.activeDeviceId = device.id;
    this.#userOn.set(device.id, user);
    return { userId: user.userId, restored: known !== undefined, active };
  }

  /** Takes the user off the device; whether it had one. */
  resetDevice(deviceId: string): boolean {
    const user = this.#userOn.get(deviceId);
    user?.devices.delete(deviceId);
    if (user?.activeDeviceId === deviceId) user.activeDeviceId = undefined;
    return this.#userOn.delete(deviceId);
  }

  list(): EmulatedUser[] {
    return this.listAll().map((user) => ({ ...user, devices: user.devices.map(identityOf) }));
  }

  listAll(): ShownUser[] {
    return [...this.#users.values()].map((user) => {
      const { userId, externalId } = user;
      const active = activeDeviceOf(user);
      const activeDevice = active === undefined ? {} : { activeDevice: identityOf(active) };
      return { userId, externalId, ...activeDevice, devices: [...user.devices.values()] };
    });
  }

  #addUser(userKey: string, externalId: string): User {
    const digest = createHash('sha256')
      .update(`user ${this.#users.size + 1}`)
      .digest('hex');
    const userId = digest.slice(0, 24);
    const user: User = { userId, externalId, activeDeviceId: undefined, devices: new Map() };
    this.#users.set(userKey, user);
    return user;
  }
}

function activeDeviceOf({ activeDeviceId, devices }: User): LinkedDevice | undefined {
  return activeDeviceId === undefined ? undefined : devices.get(activeDeviceId);
}

function identityOf({ id, type }: LinkedDevice): EmulatedDevice {
  return { id, type };
}

/** The device, or an error for callers without TypeScript and for the control route. */
export function readDevice(device: unknown): EmulatedDevice {
  const { id, type = 'phone' }: { id?: unknown; type?: unknown } = Object(device);
  if (typeof device === 'object') refuseUnknownFields('createUser: device', device, ['id', 'type']);
  if (typeof id !== 'string' || id === '') {
    throw new TypeError('createUser: device.id must be a string that is not empty.');
  }
  if (id.length > MAX_DEVICE_ID) {
    throw new TypeError(`createUser: device.id must have at most ${MAX_DEVICE_ID} characters.`);
  }
  if (type !== 'phone' && type !== 'tablet') {
    throw new TypeError("createUser: device.type must be 'phone' or 'tablet'.");
  }
  return { id, type };
}
