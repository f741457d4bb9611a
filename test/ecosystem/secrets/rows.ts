/** What tools make of the package's errors: a search for secrets in what they print and send. */
import assert from 'node:assert/strict';
import { canariesIn } from '../../support/canary-texts.js';
import type { MatrixRow } from '../shared/run-matrix.js';
import { once, type Site } from '../shared/site.js';
import { installTools, type RunScript } from './tools.js';

interface ToolRow {
  name: string;
  what: string;
  run(tools: RunScript): Promise<void>;
}

export function secretsRows(site: Site): MatrixRow[] {
  const tools = once(() => installTools(site));
  return ROWS.map(({ name, what, run }) => ({
    name,
    what,
    run: async () => {
      await run(await tools());
      return undefined;
    },
  }));
}

/** The tools, and what each of them must not show. */
const ROWS: readonly ToolRow[] = [
  sentry('errors', 'what Sentry sends of errors, causes, results and clients holds no secret'),
  sentry('rejections', 'what Sentry sends of unhandled rejections holds no secret'),
  {
    name: 'secrets-in-sentry-exceptions',
    what: 'what Sentry sends of uncaught exceptions holds no secret',
    run: async (tools) => {
      const list = "Object.keys(require('./specimens.cjs').FAILURES).join('|')";
      const { output: failures } = await tools('--print', list);
      for (const failure of failures.trim().split('|')) {
        assert.deepEqual(await secretsSent(tools, 1, 'exception', failure), [], failure);
      }
    },
  },
  sentry('requests', 'what Sentry sends of requests that it follows holds no secret'),
  sentry('variables', "what Sentry sends of the server's local variables holds no secret"),
  {
    name: 'secrets-in-sentry-all-variables',
    what: 'what SECURITY.md says is not covered: told to read all local variables, Sentry sends the key',
    run: async (tools) => {
      assert.deepEqual(await secretsSent(tools, 0, 'all-variables'), ['apiKey']);
    },
  },
  {
    name: 'secrets-in-jest',
    what: 'a failing assertion in Jest prints no secret',
    run: async (tools) => {
      const { status, output } = await tools('node_modules/jest/bin/jest.js', '--ci');
      assert.equal(status, 1, output);
      // Each of them fails, or it compares nothing.
      assert.match(output, /^Tests: +(\d+) failed, \1 total$/m);
      assert.deepEqual(canariesIn(output), []);
    },
  },
];

function sentry(row: string, what: string): ToolRow {
  const run = async (tools: RunScript) => assert.deepEqual(await secretsSent(tools, 0, row), []);
  return { name: `secrets-in-sentry-${row}`, what, run };
}

/** The secrets in what Sentry sends and the process prints, which must end with this status. */
async function secretsSent(tools: RunScript, expected: number, ...args: string[]) {
  const { status, output } = await tools('sentry.cjs', ...args);
  assert.equal(status, expected, output.slice(-5_000));
  return canariesIn(output);
}
