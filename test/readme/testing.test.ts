/** The tests that README shows to people who test their own code: they run, and pass. */
import { readFileSync } from 'node:fs';
import { describe, expect, test, vi } from 'vitest';
import { run } from '../support/code-blocks.js';
import { type CodeBlock, parseMarkdown, sectionCalled } from '../support/markdown.js';

const sections = parseMarkdown(readFileSync(new URL('../../README.md', import.meta.url), 'utf8'));
const blocksOf = (heading: string) => sectionCalled(heading, sections).codeBlocks;

type Step = () => unknown;

/** Runs the tests in a block as its runner would, and returns their titles. */
async function runTests(block: CodeBlock): Promise<string[]> {
  const before: Step[] = [];
  const after: Step[] = [];
  const tests: [string, Step][] = [];
  const collect = (title: string, step: Step) => tests.push([title, step]);
  await run(block, {
    vitest: {
      expect,
      test: collect,
      beforeAll: (step: Step) => before.push(step),
      afterAll: (step: Step) => after.push(step),
    },
    'node:test': { test: collect },
  });
  try {
    for (const step of before) await step();
    for (const [, step] of tests) await step();
  } finally {
    for (const step of after) await step();
  }
  return tests.map(([title]) => title);
}

describe('the tests of README', () => {
  test.each([
    ['The fake', 0, 'lets the user in without a code when the platform is down'],
    ['The fake', 1, 'passes on how long to wait'],
    ['MSW', 0, 'an outage is retried'],
  ])('pass: %s, block %i', async (heading, index, title) => {
    const block = blocksOf(heading)[index];
    if (block === undefined) throw new Error(`"${heading}" has no block ${index}.`);

    expect(await runTests(block)).toEqual([title]);
  });

  test('can fail', async () => {
    const [block] = blocksOf('The fake');
    const code = block?.code.replace('toHaveLength(2)', 'toHaveLength(3)') ?? '';

    await expect(runTests({ language: 'ts', line: 1, code })).rejects.toThrow('length of 3');
  });
});

test('the emulator block prints what its comments say', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();
  const [block] = blocksOf('The emulator');
  if (block === undefined) throw new Error('README shows no emulator.');

  await run(block);

  expect(log.mock.calls).toEqual([
    [{ userId: expect.any(String), restored: false, active: true }],
    [{ userId: expect.any(String), restored: true, active: true }],
  ]);
});
