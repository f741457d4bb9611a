import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import manifest from 'sentiance-user-link/package.json' with { type: 'json' };

const printed = execFileSync('npx', ['sentiance-user-link', '--version'], {
  // Should the package not be found, npx must not go and look for it elsewhere.
  env: { ...process.env, npm_config_yes: 'false' },
});

assert.equal(printed.toString(), `${manifest.version}\n`);
