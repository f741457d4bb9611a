/** What goes wrong, on request: with the response to a request for a code, or on a device. */
import { refuseUnknownFields } from '../strict-input.js';
import { CREATE_USER_FAILURE_REASONS, type CreateUserFailureReason } from './create-user-error.js';

/**
 * A way in which the platform, or the network before it, misbehaves for one request for a code; or
 * one `createUser` on a device.
 */
export type EmulatorFault =
  /** An error response with the platform's envelope. */
  | {
      type: 'status';
      /** HTTP status, 400 to 599. */
      status: number;
      /** The platform's own error code, such as `USERLINKING_NOT_CONFIGURED`. */
      errorCode?: string;
      /** The envelope's `message`. */
      message?: string;
      /** The `Retry-After` header: seconds, or any text such as an HTTP date. */
      retryAfter?: number | string;
    }
  /** The right response, late. */
  | {
      type: 'delay';
      /** Milliseconds of real time before the response. */
      ms: number;
    }
  /** No response at all; the connection stays open until the client or the emulator closes it. */
  | { type: 'hang' }
  /** The connection is cut, before the response's headers (default) or in the middle of its body. */
  | {
      type: 'disconnect';
      /** When it is cut. Default: `before_headers`. */
      phase?: 'before_headers' | 'during_body';
    }
  /** The code was issued, but the connection is cut before its response. */
  | { type: 'lost_response' }
  /** A success whose body is JSON that ends in the middle. */
  | { type: 'malformed_json' }
  /** A success whose body is JSON of another shape. */
  | { type: 'wrong_shape' }
  /** A success that is a web page, as of a proxy or a login portal. */
  | { type: 'html' }
  /** A redirect (302). */
  | {
      type: 'redirect';
      /** The `Location` header. */
      location: string;
    }
  /** The next `createUser` fails; code and device stay as they were. */
  | {
      type: 'create_user';
      /** The mobile SDK's failure reason. */
      reason: CreateUserFailureReason;
    };

type FaultType = EmulatorFault['type'];

interface FieldRule {
  /** Ends the sentence "… must be". */
  words: string;
  accepts: (value: unknown) => boolean;
}

/** Every field of every fault: the compiler proves that none is missing. */
type FieldRules = {
  [T in FaultType]: {
    [Field in Exclude<keyof Extract<EmulatorFault, { type: T }>, 'type'>]-?: FieldRule;
  };
};

const optionalText: FieldRule = {
  words: 'a string',
  accepts: (value) => value === undefined || typeof value === 'string',
};

const FIELD_RULES: FieldRules = {
  status: {
    status: {
      words: 'a whole number from 400 to 599',
      accepts: (value) => Number.isInteger(value) && isWithin(value, 400, 599),
    },
    errorCode: optionalText,
    message: optionalText,
    retryAfter: {
      words: 'a number of seconds or text that can stand in a header',
      accepts: (value) => value === undefined || typeof value === 'number' || isHeaderText(value),
    },
  },
  delay: {
    ms: {
      words: 'a number of milliseconds from 0 to 2147483647',
      accepts: (value) => isWithin(value, 0, 2 ** 31 - 1),
    },
  },
  hang: {},
  disconnect: {
    phase: {
      words: "'before_headers' or 'during_body'",
      accepts: (value) => [undefined, 'before_headers', 'during_body'].some((it) => it === value),
    },
  },
  lost_response: {},
  malformed_json: {},
  wrong_shape: {},
  html: {},
  redirect: {
    location: { words: 'text that can stand in a header', accepts: isHeaderText },
  },
  create_user: {
    reason: {
      words: `one of ${CREATE_USER_FAILURE_REASONS.join(', ')}`,
      accepts: (value) => CREATE_USER_FAILURE_REASONS.some((reason) => reason === value),
    },
  },
};

/** A copy of the fault, or an error for callers without TypeScript and for the control route. */
export function checkFault(fault: unknown): EmulatorFault {
  assertFault(fault);
  return { ...fault };
}

function assertFault(fault: unknown): asserts fault is EmulatorFault {
  const { type, ...fields }: Record<string, unknown> = { ...Object(fault) };
  const rules = Object.entries(FIELD_RULES).find(([known]) => known === type)?.[1];
  if (rules === undefined) {
    throw new TypeError(
      `Emulator fault: type must be one of ${Object.keys(FIELD_RULES).join(', ')}.`,
    );
  }
  refuseUnknownFields(`Emulator fault: ${type}`, fields, Object.keys(rules));
  for (const [name, { words, accepts }] of Object.entries<FieldRule>(rules)) {
    if (accepts(fields[name])) continue;
    throw new TypeError(`Emulator fault: ${name} must be ${words} in { type: '${type}' }.`);
  }
}

function isWithin(value: unknown, least: number, most: number): boolean {
  return typeof value === 'number' && value >= least && value <= most;
}

function isHeaderText(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]*$/.test(value);
}
