/** The flag that this row is about is in effect; else the row would show nothing. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { check, setting } from './harness.mjs';

const FLAGS = {
  permission() {
    const { permission } = process;
    assert.equal(permission.has('fs.write'), false);
    assert.equal(permission.has('child'), false);
    assert.equal(permission.has('worker'), false);
    assert.throws(() => readFileSync(process.execPath), { code: 'ERR_ACCESS_DENIED' });
  },
  'frozen-intrinsics'() {
    assert.ok(Object.isFrozen(Error.prototype));
    assert.ok(Object.isFrozen(Object.prototype));
  },
  'no-code-generation'() {
    assert.throws(() => new Function('return 1'), EvalError);
  },
};

export async function flags() {
  const { flag } = setting;
  if (flag === undefined) return;
  await check('flag', `${flag} is in effect`, async () => FLAGS[flag]());
}
