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
export async function withCallers(contenders, { node, underTrouble = false, execArgv }, work) {
  const children = [];
  const start = async (...args) => {
    const child = await startChild(...args);
    children.push(child);
    return child;
  };
  try {
    const server = await start('server.mjs', { args: underTrouble ? ['trouble'] : [] });
    const url = `http://127.0.0.1:${server.ready.port}`;
    const callers = new Map();
    for (const { id } of contenders) {
      const args = [id, url, underTrouble ? 'trouble' : ''];
      callers.set(id, await start('caller.mjs', { node, args, execArgv }));
    }
    return await work(callers, server);
  } finally {
    await Promise.all(children.map((child) => child.stop()));
  }
}
