/**
 * The program and arguments that run npm. On Windows `npm` is a batch file, which Node starts only
 * through a shell; npm's own script, which npm names to what it runs, starts everywhere.
 */
export function npmCommand(...args) {
  const { npm_execpath: script = '' } = process.env;
  return /npm-cli\.[cm]?js$/.test(script) ? [process.execPath, [script, ...args]] : ['npm', args];
}
