/** Loads the bundle as a browser does, and sees what the page meets. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createContext, runInContext } from 'node:vm';
import { JSDOM, VirtualConsole } from 'jsdom';

const bundle = readFileSync('built/app.js', 'utf8');
const MESSAGE =
  /^SentianceUserLinkClient is for servers only, but this is a browser or React Native: everyone who has the app could read the API key\. Make the call in your backend\./;

// A page in jsdom: the error reaches `window.onerror`, as any that nobody caught.
const { window } = new JSDOM('', {
  runScripts: 'outside-only',
  virtualConsole: new VirtualConsole(),
});
assertRefused(() => window.eval(bundle), window.document);

// The barest of browsers, which has nothing but the language: no process, no fetch, no URL.
const bare = { document: { title: '' } };
bare.window = bare;
assertRefused(() => runInContext(bundle, createContext(bare)), bare.document);

function assertRefused(run, document) {
  assert.throws(run, (error) => {
    assert.equal(error.name, 'SentianceConfigurationError');
    assert.equal(error.code, 'invalid_configuration');
    assert.match(error.message, MESSAGE);
    assert.doesNotMatch(JSON.stringify(error), /test-user-link-key/);
    return true;
  });
  assert.equal(document.title, 'starting');
}
