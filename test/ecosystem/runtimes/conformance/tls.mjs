/** A platform behind TLS whose certificates come from a private authority. */
import assert from 'node:assert/strict';
import {
  assertPermanent,
  check,
  clientOf,
  finish,
  ISSUED_CODE,
  platformCall,
  setting,
} from './harness.mjs';

const UNTRUSTED = /^(UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT_LOCALLY)$/;

/** A call to the platform that has this certificate. */
function tlsCall(certificate) {
  const call = platformCall('ok');
  return { ...call, url: call.url.replace(setting.platform, setting.tls[certificate]) };
}

async function assertRefused(certificate, reason) {
  const call = tlsCall(certificate);
  await assertPermanent(call.url, { reason, message: /The certificate is not trusted/ });
  assert.deepEqual(await call.seen(), [], 'a request was sent');
}

if (setting.isTrusted) {
  await check('tls', 'a private authority that is trusted', async () => {
    const call = tlsCall('good');
    const code = await clientOf(call.url).createAuthenticationCode('user-1');
    assert.equal(code.authenticationCode, ISSUED_CODE);
    assert.equal((await call.seen()).length, 1);
  });
  await check('tls', 'a certificate for another host', () =>
    assertRefused('otherHost', /^ERR_TLS_CERT_ALTNAME_INVALID$/),
  );
  await check('tls', 'a certificate that has expired', () =>
    assertRefused('expired', /^CERT_HAS_EXPIRED$/),
  );
} else {
  await check('tls', 'a private authority that is not trusted', () =>
    assertRefused('good', UNTRUSTED),
  );
}
finish();
