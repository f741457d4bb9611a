// Writes the code of README, as the package brings it, under the names in its first lines.
const { readFileSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');
const ts = require('typescript');

const main = require.resolve('sentiance-user-link');
const readme = readFileSync(join(dirname(main), '../README.md'), 'utf8');
const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 };

for (const name of ['login.js', 'login.test.js']) {
  const code = readme.split('```').find((part) => part.startsWith(`js\n// ${name}`));
  if (code === undefined) throw new Error(`README has no ${name}.`);
  writeFileSync(name, ts.transpileModule(code.slice(3), { compilerOptions }).outputText);
}
// Without a key in the environment it throws: the test passes only where it is replaced.
writeFileSync(
  'client.js',
  "const { SentianceUserLinkClient } = require('sentiance-user-link');\nexports.client = new SentianceUserLinkClient();\n",
);
