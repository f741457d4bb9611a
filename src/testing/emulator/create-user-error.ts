/** How the mobile SDK's `createUser` fails. */

/**
 * Why the mobile SDK's `createUser` fails, in its own words.
 *
 * Source: the user-creation pages of the Sentiance documentation.
 */
export type CreateUserFailureReason =
  | 'USER_ALREADY_EXISTS'
  | 'SDK_RESET_IN_PROGRESS'
  | 'USER_CREATION_IN_PROGRESS'
  | 'NETWORK_ERROR'
  | 'SERVER_ERROR'
  | 'UNEXPECTED_ERROR'
  | 'APP_SIDE_LINKING_FAILED';

// As an object, so that the compiler names one that is missing.
const REASONS = {
  USER_ALREADY_EXISTS: true,
  SDK_RESET_IN_PROGRESS: true,
  USER_CREATION_IN_PROGRESS: true,
  NETWORK_ERROR: true,
  SERVER_ERROR: true,
  UNEXPECTED_ERROR: true,
  APP_SIDE_LINKING_FAILED: true,
} satisfies Record<CreateUserFailureReason, true>;

/** Every reason that the vendor documents for a failure of `createUser`. */
export const CREATE_USER_FAILURE_REASONS: readonly string[] = Object.keys(REASONS);

/** `createUser` failed on the device. The emulator throws it. */
export class CreateUserError extends Error {
  /** The mobile SDK's failure reason. */
  readonly reason: CreateUserFailureReason;

  /**
   * Makes one, for a fake of the app's side.
   *
   * @param reason The mobile SDK's failure reason.
   * @param message What happened, in words; `message` has the reason before it.
   */
  constructor(reason: CreateUserFailureReason, message: string) {
    super(`${reason}: ${message}`);
    this.name = 'CreateUserError';
    this.reason = reason;
  }
}
