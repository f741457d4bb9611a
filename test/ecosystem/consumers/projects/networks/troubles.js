/** What a call ends with when the proxy is in trouble, whichever way it was configured. */
import assert from 'node:assert/strict';

const LOST = 'could not be reached, or the connection was lost';

export const TROUBLES = {
  locked: {
    code: 'connection_failed',
    action: 'retry_later',
    reason: 'UND_ERR_ABORTED',
    message: `${LOST} (UND_ERR_ABORTED). A proxy refused to connect to it. Ask again later; if it stays, check the user and password for the proxy (407) and its rules (403).`,
  },
  down: {
    code: 'connection_failed',
    action: 'retry_later',
    reason: 'ECONNREFUSED',
    message: `${LOST} (ECONNREFUSED). Ask again later; if it stays, check DNS, firewall and proxy.`,
  },
  silent: {
    code: 'timeout',
    action: 'retry_later',
    reason: undefined,
    message:
      'did not respond within 1000 ms (timeout, the limit of the whole call). Ask again later.',
  },
};

export function assertTrouble(name, host, { ok, error }) {
  assert.equal(ok, false, name);
  const { code, action, reason, message } = error;
  const expected = TROUBLES[name];
  assert.deepEqual(
    { code, action, reason, message },
    { ...expected, message: `${host} ${expected.message}` },
  );
}
