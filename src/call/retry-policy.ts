/** Whether a failed attempt is sent again. */
import type { AnySentianceError } from '../errors.js';
import { isCertificateCode } from '../safety/foreign-errors.js';

/** Statuses that another attempt may cure. */
const RETRIED_STATUSES: readonly number[] = [408, 429, 500, 502, 503, 504];

/**
 * - `retry`: send it again.
 * - `wait`: do not, but other attempts that are under way may still succeed.
 * - `end`: the platform's last word, which ends the call.
 */
export type Verdict = 'retry' | 'wait' | 'end';

export function verdictOn(error: AnySentianceError): Verdict {
  switch (error.code) {
    case 'connection_failed':
      return error.action === 'retry_later' ? 'retry' : 'wait';
    case 'rate_limited':
    case 'server_error':
      // A success with errors: GraphQL's way to say 500.
      if (error.status < 300) return 'retry';
      return RETRIED_STATUSES.includes(error.status) ? 'retry' : 'end';
    default:
      return 'end';
  }
}

/** Why a connection fails in a way that does not pass by itself. */
export type PermanentProblem =
  | 'unknown_host'
  | 'untrusted_certificate'
  | 'no_tls'
  | 'unfit_dispatcher'
  | 'unmatched_mock';

/**
 * A TLS alert about a certificate: ours, if the platform asks for one, or its own. Or undici's code
 * for a proxy whose certificate is for another host.
 */
const CERTIFICATE_ALERT = /^(ERR_SSL_.*(CERTIFICATE|UNKNOWN_CA)|UND_ERR_PRX_TLS$)/;

const NO_TLS =
  /^(EPROTO|ERR_SSL_(WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG|UNKNOWN_PROTOCOL|UNSUPPORTED_PROTOCOL|HTTP_REQUEST|TLSV1_ALERT_(PROTOCOL_VERSION|NO_APPLICATION_PROTOCOL)))$/;

/** nock's, and that of undici's MockAgent. */
const UNMATCHED_MOCK = /^(ERR_NOCK_NO_MATCH|UND_MOCK_ERR_MOCK_NOT_MATCHED)$/;

/** Such a failure is never sent again. `undefined` for one that may pass. */
export function permanentProblemOf(reason: string | undefined): PermanentProblem | undefined {
  if (reason === undefined) return undefined;
  if (reason === 'ENOTFOUND') return 'unknown_host';
  if (reason === 'UND_ERR_INVALID_ARG') return 'unfit_dispatcher';
  if (UNMATCHED_MOCK.test(reason)) return 'unmatched_mock';
  if (isCertificateCode(reason) || CERTIFICATE_ALERT.test(reason)) return 'untrusted_certificate';
  return NO_TLS.test(reason) ? 'no_tls' : undefined;
}
