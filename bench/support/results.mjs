/** RESULTS.md: an introduction and one section a part, each with its own date and versions. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { CONTENDERS } from '../contenders/index.mjs';

const file = new URL('../RESULTS.md', import.meta.url);

const INTRODUCTION = `# Measured beside what people would use instead

Written by \`npm run bench\`; \`npm run bench -- cpu\` measures one part again. Everything happens on one machine and over loopback. Every contender sends the same key and the same body to the same server, which is a process of its own; contenders take turns round by round, and each is a process of its own. Figures are medians of at least seven rounds, unless they say otherwise. A ratio is taken within a round.

The contenders with zod check the answer as we do; the others hand it on as it came. openai, stripe, workos and resend are there with the function by which all their calls go out. Of a package whose newest version does not support Node 20, it is the newest one that does; ky 2 runs there all the same.

\`budget.json\` holds the figures that must not get worse; \`npm run bench:check\` measures those again, shortly, and fails when one is worse by more than the room it leaves for noise.`;

const ALL_PACKAGES = [...new Set(CONTENDERS.flatMap(({ packages }) => packages))];

const marker = (id) => `<!-- part: ${id} -->`;

/** Writes one part's section and keeps the others; `order` is that of the file. */
export function writeSection(id, order, { title, text, packages }, nodes) {
  const sections = readSections();
  sections.set(id, `## ${title}\n\n${text}\n\n${conditions(nodes, packages)}`);
  const parts = order.filter((part) => sections.has(part));
  const body = parts.map((part) => `${marker(part)}\n${sections.get(part)}`);
  writeFileSync(file, `${[INTRODUCTION, ...body].join('\n\n')}\n`);
}

function readSections() {
  if (!existsSync(file)) return new Map();
  const [, ...parts] = readFileSync(file, 'utf8').split(/^<!-- part: (\w+) -->\n/m);
  const sections = new Map();
  for (let i = 0; i < parts.length; i += 2) sections.set(parts[i], parts[i + 1].trim());
  return sections;
}

/** When, where and with what; nothing that says which machine it was. */
function conditions(nodes, packages = ALL_PACKAGES) {
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
