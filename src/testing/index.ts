/**
 * For tests and for work without an account: a fake of the client, an emulator of the platform, and
 * the errors that the client throws. Not for production.
 *
 * @module sentiance-user-link/testing
 */
export type { CreateUserFailureReason } from './emulator/create-user-error.js';
export { CreateUserError } from './emulator/create-user-error.js';
export type { SentianceEmulatorOptions } from './emulator/emulator.js';
export { SentianceEmulator } from './emulator/emulator.js';
export type { EmulatorFault } from './emulator/faults.js';
export type {
  CreatedUser,
  EmulatedDevice,
  EmulatedUser,
} from './emulator/linked-users.js';
export type { EmulatedRequest } from './emulator/request-log.js';
export type {
  FakeCall,
  FakeFailure,
  FakeResponse,
  FakeUserLinkClientOptions,
} from './fake-client.js';
export { FakeUserLinkClient } from './fake-client.js';
export type { SentianceErrorOverrides } from './sentiance-error.js';
export { sentianceError } from './sentiance-error.js';
