/** The processes of a measurement. Each answers questions in turn, and ends with this process. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** The longest question, logins that are 30 s apart, takes half of that. */
const TIME_LIMIT = 180_000;

export const processFile = (name) =>
  fileURLToPath(new URL(`../processes/${name}`, import.meta.url));

/** Starts `processes/<name>`; resolves when it has said that it is ready, to what it said. */
export async function startChild(name, { node, args = [], ...options } = {}) {
  const child = fork(processFile(name), args, {
    execPath: node?.path ?? process.execPath,
    env: bareEnvironment(),
    ...options,
  });
  const ask = async (question) => {
    child.send(question);
    return answerOf(child, name);
  };
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exit = once(child, 'exit');
    child.kill('SIGKILL');
    await exit;
  };
  try {
    return { ready: await answerOf(child, name), ask, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Nothing of the shell's: a proxy, a key or a Node option would change what is measured. */
export function bareEnvironment() {
  return { PATH: process.env.PATH, TMPDIR: process.env.TMPDIR };
}

function answerOf(child, name) {
  return new Promise((resolve, reject) => {
    const settle = (finish, value) => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      finish(value);
    };
    const onMessage = (message) => settle(resolve, message);
    const onExit = (status) => settle(reject, new Error(`${name} ended with status ${status}`));
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      settle(reject, new Error(`${name} did not answer in ${TIME_LIMIT / 1_000} s`));
    }, TIME_LIMIT);
    child.on('message', onMessage).on('exit', onExit);
  });
}

/** Starts one caller a contender, and hands them and their server to `work`. */
export async function withCallers(contenders, { node, settings = '', execArgv }, work) {
  const children = [];
  const start = async (...args) => {
    const child = await startChild(...args);
    children.push(child);
    return child;
  };
  try {
    const server = await start('server.mjs', {
      args: settings === 'underTrouble' ? ['trouble'] : [],
    });
    const url = `http://127.0.0.1:${server.ready.port}`;
    const callers = new Map();
    for (const { id } of contenders) {
      const args = [id, url, settings];
      callers.set(id, await start('caller.mjs', { node, args, execArgv }));
    }
    return await work(callers, server);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}

/** Starts one caller a contender, each with a site of its own on a platform in trouble. */
export async function withTroubledSites(contenders, { node, mode }, work) {
  const platform = await startChild('troubled-platform.mjs');
  const callers = [];
  try {
    for (const { id } of contenders) {
      const { site, url } = await platform.ask({ open: mode });
      const args = [id, url, 'underTrouble'];
      const caller = await startChild('caller.mjs', { node, args });
      const change = (next) => platform.ask({ site, mode: next });
      callers.push({ id, change, ask: caller.ask, stop: caller.stop });
    }
    return await work(callers);
  } finally {
    await Promise.all([platform, ...callers].map((child) => child.stop()));
  }
}
