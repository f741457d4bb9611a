/** Runs the script of this name: `main.mjs conformance '{…}'`. Some are functions, to be bundled too. */
const [script] = process.argv.slice(2);
const { run } = await import(`./${script}.mjs`);
await run?.();
