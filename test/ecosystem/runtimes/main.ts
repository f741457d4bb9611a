/**
 * The package in every runtime that it is made for: `npm run test:runtimes`, or with the names of
 * rows after it, `npm run test:runtimes -- bun node-24`.
 */
import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, packTarball } from '../shared/npm.js';
import { selectRows } from '../shared/run-matrix.js';
import { temporaryFolder } from '../shared/temporary-folder.js';
import { certificateAuthority } from './certificates.js';
import { installRuntime } from './install-runtime.js';
import { refusingPort, startPlatform } from './platform.js';
import { failed, type RowResult, report } from './report.js';
import { runRow, type Stage } from './run-row.js';
import { ROWS, type Row, type Runtime, UNDICI } from './runtimes.js';

/** The checks are waits more than work. */
const ROWS_AT_ONCE = 3;

async function prepareStage(): Promise<Stage> {
  const folder = temporaryFolder();
  const project = join(folder, 'project');
  const tarball = await packTarball(folder);
  await installPackages(project, { 'sentiance-user-link': `file:${tarball}`, undici: UNDICI });
  cpSync(fileURLToPath(new URL('conformance', import.meta.url)), project, { recursive: true });

  const authority = certificateAuthority();
  writeFileSync(join(folder, 'authority.pem'), authority.cert);
  const platform = await startPlatform({
    good: authority.issue('localhost'),
    otherHost: authority.issue('other.example'),
    expired: authority.issue('localhost', { until: 2021 }),
  });
  const setting = {
    platform: platform.url,
    tls: platform.tls,
    refusingPort: await refusingPort(),
  };
  return {
    platform,
    setting,
    project,
    cache: join(folder, 'cache'),
    authority: join(folder, 'authority.pem'),
  };
}

async function runAll(rows: readonly Row[]): Promise<RowResult[]> {
  const stage = await prepareStage();
  // Rows may share a runtime.
  const binaries = new Map<Runtime, Promise<string>>();
  const run = async (row: Row): Promise<RowResult> => {
    const binary = binaries.get(row.runtime) ?? installRuntime(row.runtime);
    binaries.set(row.runtime, binary);
    return { row, checks: await runRow(row, await binary, stage) };
  };

  const results = new Map<Row, RowResult>();
  const waiting = rows.values();
  const worker = async () => {
    for (const row of waiting) {
      const started = performance.now();
      const result = await run(row).catch((error: Error) => brokenRow(row, error));
      results.set(row, result);
      const seconds = ((performance.now() - started) / 1_000).toFixed(1);
      const word = result.checks.some(failed) ? 'FAILED' : 'passed';
      console.log(`${word}  ${row.name.padEnd(26)} ${seconds.padStart(5)} s`);
    }
  };
  await Promise.all(Array.from({ length: ROWS_AT_ONCE }, worker));
  return rows.flatMap((row) => results.get(row) ?? []);
}

/** A row whose runtime could not be installed, say, fails; the others go on. */
function brokenRow(row: Row, { message }: Error): RowResult {
  return { row, checks: [{ group: 'process', title: 'runs', error: message }] };
}

try {
  const rows = selectRows(ROWS, process.argv.slice(2));
  process.exitCode = report(await runAll(rows)) ? 0 : 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
