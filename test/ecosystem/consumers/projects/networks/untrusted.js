import assert from 'node:assert/strict';

export function assertUntrusted({ ok, error }) {
  assert.equal(ok, false);
  const { code, action, attempts } = error;
  const expected = { code: 'connection_failed', action: 'alert', attempts: 1 };
  assert.deepEqual({ code, action, attempts }, expected);
  assert.match(error.message, /The certificate is not trusted: .*set NODE_EXTRA_CA_CERTS\.$/);
}
