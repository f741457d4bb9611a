/** Runs the checks in one runtime, and checks from outside what only shows there. */
import { randomUUID } from 'node:crypto';
import { customerEnvironment } from '../shared/environment.js';
import { CommandError, runCommand } from '../shared/run-command.js';
import type { Check } from '../shared/run-matrix.js';
import { SECRET_MARK } from './behaviours.js';
import type { Platform } from './platform.js';
import { startProxies } from './proxy.js';
import type { Row } from './runtimes.js';
import type { Stage } from './stage.js';

/** How soon after its work a process has to be gone, though the server keeps its connections. */
const END_LIMIT = 2_000;
const TIME_LIMIT = 120_000;

interface Ended {
  output: string;
  hasFailed: boolean;
  /** `performance.now()`. */
  endedAt: number;
}

type RunScript = (
  script: string,
  setting?: object,
  environment?: Readonly<Record<string, string>>,
) => Promise<Ended>;

export async function runRow(row: Row, binary: string, stage: Stage): Promise<Check[]> {
  const { name: runtime, version } = row.runtime;
  const run: RunScript = async (script, setting = {}, environment = {}) => {
    const agent = row.agent ?? ` ${runtime}/${version}`;
    const passed = { ...stage.setting, runtime, agent, flag: row.flag, ...setting };
    const { file, args } = await row.start({
      binary,
      project: stage.project,
      arguments: [script, JSON.stringify(passed)],
    });
    const env = {
      ...customerEnvironment(),
      DENO_DIR: stage.cache,
      DENO_NO_UPDATE_CHECK: '1',
      DO_NOT_TRACK: '1',
      ...row.environment,
      ...environment,
    };
    return ended(runCommand(file, args, { cwd: stage.project, env, timeLimit: TIME_LIMIT }));
  };
  const trusting = { NODE_EXTRA_CA_CERTS: stage.authority };

  const checks = await reported(run, 'conformance');
  if (row.also?.includes('tls')) {
    checks.push(...(await reported(run, 'tls', { isTrusted: false })));
    checks.push(...(await reported(run, 'tls', { isTrusted: true }, trusting)));
  }
  if (row.also?.includes('proxy')) {
    checks.push(...(await reported(run, 'proxy', { proxies: await startProxies() }, trusting)));
  }
  if (row.also?.includes('threads')) checks.push(...(await reported(run, 'threads')));
  if (row.isServer) return checks;
  checks.push(...(await processEnds(run, stage.platform, row)), await crashIsSafe(run, stage));
  return checks;
}

async function ended(command: Promise<string>): Promise<Ended> {
  try {
    return { output: await command, hasFailed: false, endedAt: performance.now() };
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    return { output: error.message, hasFailed: true, endedAt: performance.now() };
  }
}

/** The checks that a script reports, and that it came to its end and printed no secret. */
async function reported(run: RunScript, ...parameters: Parameters<RunScript>): Promise<Check[]> {
  const [script] = parameters;
  const { output, hasFailed, endedAt } = await run(...parameters);
  const lines = output.split('\n');
  const checks: Check[] = lines
    .filter((line) => line.startsWith('@check '))
    .map((line) => JSON.parse(line.slice('@check '.length)));
  const finishedAt = lines.find((line) => line.startsWith('@finished '))?.split(' ')[1];
  const printed = lines.filter((line) => !line.startsWith('@check ')).join('\n');

  const error =
    hasFailed || finishedAt === undefined
      ? endOf(output)
      : lateness(endedAt + performance.timeOrigin - Number(finishedAt));
  checks.push({ group: 'process', title: `${script} ends by itself`, ...(error && { error }) });
  const title = `${script} prints none`;
  checks.push(secretCheck(title, printed, /SentianceConnectionError|refused the API key/));
  if (script === 'conformance')
    checks.push(secretCheck(title, printed, /authenticationCode: ["']\[redacted\]["']/));
  return checks;
}

/** As much as a reader of the failure needs. */
function endOf(output: string): string {
  return output.split('\n').slice(-20).join('\n');
}

function lateness(milliseconds: number): string | undefined {
  return milliseconds <= END_LIMIT ? undefined : `it ended ${Math.round(milliseconds)} ms late`;
}

/** Time enough for a request to be sent, on a busy machine too. */
const SHORT = 1_000;

/** Calls after which the process has to end, with what they come to. */
const LAST_CALLS: readonly [title: string, behaviours: string, call: object, result: string][] = [
  ['a code', 'ok', {}, 'ok'],
  ['an error', '401', {}, 'unauthorized'],
  ['a timeout', 'hang', { timeout: SHORT }, 'timeout'],
  ['a code of a hedge', 'hang,ok', { hedgeAfter: 200 }, 'ok'],
  ['an abort in a wait', '503-after-3', { abortAfter: 300 }, 'aborted'],
];

async function processEnds(
  run: RunScript,
  platform: Platform,
  { keepsTimers }: Row,
): Promise<Check[]> {
  const checks: Check[] = [];
  for (const [title, behaviours, call, result] of LAST_CALLS) {
    if (keepsTimers && result === 'aborted') continue;
    const id = randomUUID();
    const url = `${platform.url}/${behaviours}/${id}`;
    const { output, hasFailed, endedAt } = await run('once', { call: { url, ...call } });
    const request = platform.seen(id).at(-1);
    const isAsExpected = !hasFailed && output.includes(`@result ${result}\n`);
    // From the response's end on, or from when a request came that gets none.
    const from = request && Math.min(request.endedAt ?? Infinity, request.receivedAt + SHORT);
    const error = isAsExpected && from ? lateness(endedAt - from) : endOf(output);
    checks.push({ group: 'process', title: `ends after ${title}`, ...(error && { error }) });
  }
  return checks;
}

async function crashIsSafe(run: RunScript, { platform }: Stage): Promise<Check> {
  const call = { url: `${platform.url}/401/${randomUUID()}` };
  const { output, hasFailed } = await run('crash', { call });
  const title = 'an error that nobody catches prints none';
  if (!hasFailed) return { group: 'secrets', title, error: `it did not fail:\n${endOf(output)}` };
  return secretCheck(title, output, /refused the API key \(401\)/);
}

/** No secret in what was printed, and the words that prove that an error was printed at all. */
function secretCheck(title: string, printed: string, control: RegExp): Check {
  const check = { group: 'secrets', title };
  if (!control.test(printed)) return { ...check, error: `nothing matches ${control}` };
  const leaks = printed.split('\n').filter((line) => line.includes(SECRET_MARK));
  return leaks.length === 0 ? check : { ...check, error: leaks.join('\n') };
}
