/** How the mobile SDK's `createUser` fails. */

/** Every reason that the vendor documents for a failure of `createUser`. */
export const CREATE_USER_FAILURE_REASONS = [
  'USER_ALREADY_EXISTS',
  'SDK_RESET_IN_PROGRESS',
  'USER_CREATION_IN_PROGRESS',
  'NETWORK_ERROR',
  'SERVER_ERROR',
  'UNEXPECTED_ERROR',
  'APP_SIDE_LINKING_FAILED',
] as const;

/** Why the mobile SDK's `createUser` fails, in its own words. */
export type CreateUserFailureReason = (typeof CREATE_USER_FAILURE_REASONS)[number];

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
