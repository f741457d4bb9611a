/**
 * The whole story on one machine: `npm run demo` plays it against the emulator, without an account;
 * `npm run demo -- --live <externalId>` asks the real platform for one code. It is the command `demo`
 * of the package, where the story is told.
 */
process.argv.splice(2, 0, 'demo');
await import('../src/cli/bin.js');

export {};
