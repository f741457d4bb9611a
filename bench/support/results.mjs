/** results.json, which has what was measured, and RESULTS.md, which is written from it alone. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';

const INTRODUCTION = `# Measured beside what people would use instead

Written by \`npm run bench\`, from results.json; \`npm run bench -- cpu\` measures one part again. Everything happens on one machine and over loopback. Every contender sends the same key and the same body to the same server, which is a process of its own; contenders take turns round by round, and each is a process of its own. Figures are medians of at least seven rounds, unless they say otherwise. A ratio is taken within a round.

The contenders with zod check the answer as we do; the others hand it on as it came. openai, stripe, workos and resend are there with the function by which all their calls go out. Of a package whose newest version does not support Node 20, it is the newest one that does; ky 2 runs there all the same.

\`budget.json\` holds the figures that must not get worse; \`npm run bench:check\` measures those again, shortly, and fails when one is worse by more than the room it leaves for noise.`;

/** The results in a folder, one entry a part: `{ data, conditions }`. */
export function readResults(folder) {
  const file = new URL('results.json', folder);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
}

export function writeResults(folder, results) {
  const short = (key, value) => {
    // Of the Node on this machine.
    if (key === 'path') return undefined;
    return typeof value === 'number' ? Number(value.toPrecision(5)) : value;
  };
  writeFileSync(new URL('results.json', folder), `${JSON.stringify(results, short, 1)}\n`);
}

/** @param sections One a part: its title, its text, and under which conditions it was measured. */
export function writeReport(folder, sections) {
  const body = sections.map(
    ({ title, text, conditions }) => `## ${title}\n\n${text}\n\n${conditions}`,
  );
  writeFileSync(new URL('RESULTS.md', folder), `${[INTRODUCTION, ...body].join('\n\n')}\n`);
}

/** When, where and with what; nothing that says which machine it was. */
export function conditionsOf(nodes, packages) {
  const date = new Date().toISOString().slice(0, 10);
  const [{ model }] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const machine = `${cpus().length} cores (${model.trim()}), ${memory} GiB of memory, ${process.platform} ${process.arch}`;
  const versions = packages.map((name) => `${name} ${versionOf(name)}`);
  const runtimes = nodes.map(({ version }) => `Node ${version}`);
  return `<sub>${date} · ${machine} · ${[...runtimes, ...versions].join(', ')}</sub>`;
}

function versionOf(name) {
  const manifest = new URL(`../node_modules/${name}/package.json`, import.meta.url);
  return JSON.parse(readFileSync(manifest, 'utf8')).version;
}
