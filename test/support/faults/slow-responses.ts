/** Faults that cost time. */
import {
  bodyBytewise,
  hang,
  hangInBody,
  headersBytewise,
  issueCode,
  reset,
  answer as respond,
} from '../loopback-server.js';
import { type Fault, serving, servingTls } from './fault.js';
import { interim, pouring } from './floods.js';
import {
  AFTER_A_HEDGE,
  AFTER_A_HEDGE_AND_A_WAIT,
  AFTER_THREE_SECONDS,
  AT_TIMEOUT,
  REFUSED_KEY,
  TIMEOUT,
} from './outcomes.js';
import { hangInHead, startLateCode, startSlowPlatform } from './servers.js';

export const SLOW_RESPONSES: readonly Fault[] = [
  {
    name: 'Silence; a head or a body that stops, or comes a byte a second; interim responses (`102`, `103`) or empty lines without end',
    failure: TIMEOUT,
    attempts: 3,
    requests: 3,
    ending: AT_TIMEOUT,
    cases: {
      silence: serving(hang),
      'a head that stops': serving(hangInHead),
      'a byte of the head every 100 ms': serving(headersBytewise(100)),
      'a body that stops': serving(hangInBody),
      'a byte of the body every 100 ms': serving(bodyBytewise(100)),
      'a body over TLS that stops': servingTls(hangInBody),
      'nothing but 102': serving(pouring(interim('102 Processing', 100))),
      'nothing but 103': serving(pouring(interim('103 Early Hints', 100))),
      'nothing but empty lines': serving(pouring('\r\n'.repeat(1_000))),
    },
  },
  {
    name: 'The platform takes 3 s for each response',
    attempts: 3,
    requests: 3,
    ending: AFTER_THREE_SECONDS,
    cases: { 'a code, late': startSlowPlatform },
  },
  {
    name: 'One connection is silent, the next is not',
    attempts: 2,
    requests: 2,
    ending: AFTER_A_HEDGE,
    cases: {
      'no response': serving(hang, issueCode),
      'half a head': serving(hangInHead, issueCode),
      'half a body': serving(hangInBody, issueCode),
    },
  },
  {
    name: 'One connection is silent or slow, the next gets a 503 or is lost',
    attempts: 3,
    requests: 3,
    ending: AFTER_A_HEDGE_AND_A_WAIT,
    cases: {
      'a 503, then a code': serving(hang, respond(503), issueCode),
      'a reset, then a code': serving(hang, reset, issueCode),
      'a 503, and the slow code comes': startLateCode,
    },
  },
  {
    name: 'One connection is silent, the next gets a 401',
    failure: REFUSED_KEY,
    attempts: 2,
    requests: 2,
    ending: AFTER_A_HEDGE,
    cases: { 'a 401': serving(hang, respond(401)) },
  },
  {
    name: 'A 401 whose body stops, or comes a byte a second',
    failure: REFUSED_KEY,
    attempts: 1,
    requests: 1,
    ending: AFTER_A_HEDGE,
    cases: {
      'a body that stops': serving(({ response }) => void response.writeHead(401).write('{"mess')),
      'a byte of the body every 100 ms': serving(bodyBytewise(100, 401)),
    },
  },
];
