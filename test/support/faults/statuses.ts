/** What a status says. */
import { CANARIES } from '../canary-texts.js';
import { issueCode, redirect, answer as respond } from '../loopback-server.js';
import { graphqlFailure } from '../ways.js';
import { type Fault, ok, serving, statuses } from './fault.js';
import { pouring } from './floods.js';
import {
  AFTER_TWO_WAITS,
  AT_ONCE,
  LOST_CONNECTION,
  NO_PERMISSION,
  REDIRECT,
  REFUSED_KEY,
  REJECTED,
  SERVER_PROBLEM,
} from './outcomes.js';
import { startRedirectElsewhere } from './servers.js';

/** Failures in a 200 with these in `extensions.code`, full of what must not be shown. */
function errorCodes(...codes: unknown[]): Fault['cases'] {
  const { authenticationCode, apiKey, externalId } = CANARIES;
  const message = `No ${externalId} with ${apiKey}, but ${authenticationCode}`;
  const start = (code: unknown) => ok(graphqlFailure({ code, message }));
  return Object.fromEntries(codes.map((code) => [`a 200 with ${code}`, start(code)]));
}

const MOVED = 'HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nTransfer-Encoding: chunked\r\n\r\n';

export const STATUSES: readonly Fault[] = [
  {
    name: '3xx to the same or another origin: the target sees no request',
    failure: REDIRECT,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      ...Object.fromEntries(
        [301, 302, 303, 307, 308].map((code) => [
          `a ${code} to the same origin`,
          serving(redirect('/elsewhere', code), issueCode),
        ]),
      ),
      'a 302 to another origin': startRedirectElsewhere,
      'a 300 without a target': serving(respond(300)),
      'a 304': serving(respond(304)),
      'a 302 to what is no URL': serving(redirect('http://[')),
      'a 302 without end': serving(pouring('1\r\nx\r\n'.repeat(1_000), MOVED)),
    },
  },
  {
    name: '401',
    failure: REFUSED_KEY,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(401),
    graphqlCases: errorCodes('AUTHENTICATION_FAILURE'),
  },
  {
    name: '403',
    failure: NO_PERMISSION,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(403),
    graphqlCases: errorCodes('AUTHORIZATION_FAILURE'),
  },
  {
    name: '400, 404, 409, 413, 422',
    failure: REJECTED,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(400, 404, 409, 413, 422),
    graphqlCases: errorCodes('BAD_REQUEST', 'NOT_FOUND'),
  },
  {
    name: "407, which Node's `fetch` turns into a network error without a `reason`",
    failure: LOST_CONNECTION,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    reasons: { 'a 407': undefined },
    cases: statuses(407),
  },
  {
    name: "421, which Node's `fetch` sends again by itself",
    failure: REJECTED,
    attempts: 1,
    requests: 2,
    ending: AT_ONCE,
    cases: statuses(421),
  },
  {
    name: '408, 500, 502, 503, 504',
    failure: SERVER_PROBLEM,
    attempts: 3,
    requests: 3,
    ending: AFTER_TWO_WAITS,
    cases: statuses(408, 500, 502, 503, 504),
    graphqlCases: errorCodes('INTERNAL_SERVER_ERROR', 'TOO_MANY_REQUESTS', undefined, 500),
  },
  {
    name: '501, 520, 599, 600 to 999',
    failure: SERVER_PROBLEM,
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: statuses(501, 520, 599, 600, 999),
  },
];
