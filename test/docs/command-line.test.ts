/** The page on the command line shows every help text as it is printed. */
import { expect, test } from 'vitest';
import { run } from '../cli/run.js';
import { sectionsOf } from '../support/pages.js';

const [overview, ...commands] = sectionsOf('docs/command-line.md').slice(1);
const pages = [
  { command: 'help', section: overview },
  ...commands.map((section) => ({ command: section.heading, section })),
];

test.each(pages)('shows what is printed by: help $command', async ({ command, section }) => {
  const { out } = await run('help', command);

  const shown = section?.codeBlocks.find(({ language }) => language === 'text');
  expect(shown?.code).toBe(`${out}\n`);
});

test('has a section for each command', async () => {
  const { out } = await run('help');

  const named = [...out.matchAll(/^ {2}(\w+) .*[.]$/gm)].map(([, name]) => name);
  const all = named.filter((name) => name !== 'help');
  expect(commands.map(({ heading }) => heading)).toEqual(all);
});
