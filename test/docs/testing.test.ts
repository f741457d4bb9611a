/** The tests that docs show to people who test their own code: they run, and pass. */
import { describe, expect, test, vi } from 'vitest';
import { run } from '../support/code-blocks.js';
import type { CodeBlock } from '../support/markdown.js';
import { codeBlockOf } from '../support/pages.js';

const PAGE = 'docs/testing.md';

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

describe('the tests of the page', () => {
  test.each([
    ['The fake', 0, 'lets the user in without a code when the platform is down'],
    ['The fake', 1, 'passes on how long to wait'],
    ['MSW', 0, 'an outage is retried'],
  ])('pass: %s, block %i', async (heading, index, title) => {
    expect(await runTests(codeBlockOf(PAGE, heading, index))).toEqual([title]);
  });

  test('can fail', async () => {
    const block = codeBlockOf(PAGE, 'The fake');
    const code = block.code.replace('toHaveLength(2)', 'toHaveLength(3)');

    await expect(runTests({ ...block, code })).rejects.toThrow('length of 3');
  });
});

test('the emulator block prints what its comments say', async () => {
  const log = vi.spyOn(console, 'log').mockReturnValue();

  await run(codeBlockOf(PAGE, 'The emulator'));

  expect(log.mock.calls).toEqual([
    [{ userId: expect.any(String), restored: false, active: true }],
    [{ userId: expect.any(String), restored: true, active: true }],
  ]);
});
