/** Faults that an earlier request left behind: on its connection, or while the server was down. */
import { type Fault, NODE } from './fault.js';
import { AFTER_ONE_WAIT, AT_ONCE, WHEN_IT_IS_BACK } from './outcomes.js';
import {
  inAChunk,
  startAfterOutage,
  startClosingKeptConnection,
  startLateSecondResponse,
  startSecondResponse,
  startTwoSecondOutage,
  withLength,
} from './servers.js';

export const EARLIER_REQUESTS: readonly Fault[] = [
  {
    name: 'The server closes a kept-alive connection just before the request',
    // From Node 22 on, undici sends such a request again by itself.
    attempts: NODE === 20 ? 2 : 1,
    inWords: { attempts: '1; on Node 20: 2' },
    requests: 1,
    ending: AFTER_ONE_WAIT,
    cases: { 'a kept connection': startClosingKeptConnection },
  },
  {
    name: 'After a response come the bytes of another one that nobody asked for: the next call',
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: {
      'with the response': () => startSecondResponse(withLength),
      'with the response, which is chunked': () => startSecondResponse(inAChunk),
      'while the connection is idle': startLateSecondResponse,
    },
  },
  {
    name: 'The server is down for two seconds: a call with `maxRetries: 10` meanwhile',
    attempts: 5,
    requests: 1,
    ending: WHEN_IT_IS_BACK,
    cases: { 'a call during the outage': startTwoSecondOutage },
  },
  {
    name: 'The server was down, and is back: the next call',
    attempts: 1,
    requests: 1,
    ending: AT_ONCE,
    cases: { 'a call after the outage': startAfterOutage },
  },
];
