/** How a runtime is told to run a script of the checks. */
import { randomUUID } from 'node:crypto';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installPackages, type Packages } from '../shared/npm.js';
import { bundle } from './bundle.js';
import { buildSingleExecutable } from './single-executable.js';

/** What a command can be made of. */
export interface ScriptRun {
  /** The runtime's, a file. */
  binary: string;
  /** The folder with the checks, the package and what they import. */
  project: string;
  /** A script's name, and the setting for it as JSON. */
  arguments: readonly [script: string, setting: string];
}

export interface Command {
  file: string;
  args: readonly string[];
}

export type Start = (run: ScriptRun) => Command | Promise<Command>;

/** As a file, with these arguments before it. */
export function asFile(...flags: readonly string[]): Start {
  return startFile('main.mjs', () => flags);
}

/** The same, with no right to anything but the network and reading the project. */
export function asFileWithPermissions(...flags: readonly string[]): Start {
  return startFile('main.mjs', (project) => [...flags, `--allow-fs-read=${project}/*`]);
}

export const inDeno: Start = startFile('main.mjs', (project) => [
  // Without the environment: then the client asks for nothing but the network.
  ...['run', '--no-prompt', '--allow-net', `--allow-read=${project}`],
]);

export const inWorkerThread: Start = startFile('worker-thread.mjs', () => []);

function startFile(file: string, flags: (project: string) => readonly string[]): Start {
  return ({ binary, project, arguments: passed }) => ({
    file: binary,
    args: [...flags(project), join(project, file), ...passed],
  });
}

/** As the test of a Worker: a command that ends. */
export function inWorkerd(
  compatibilityDate: string,
  ...compatibilityFlags: readonly string[]
): Start {
  const hasNode = compatibilityFlags.includes('nodejs_compat');
  return async ({ binary, project, arguments: passed }) => {
    const folder = newFolder(project);
    const outfile = join(folder, 'bundled.mjs');
    await bundle('bundled.mjs', { project, format: 'esm', hasNode, arguments: passed, outfile });
    writeFileSync(join(folder, 'main.mjs'), WORKER);
    const flags = JSON.stringify(compatibilityFlags);
    writeFileSync(join(folder, 'workerd.capnp'), workerdConfig(compatibilityDate, flags));
    return { file: binary, args: ['test', join(folder, 'workerd.capnp')] };
  };
}

const WORKER = `import { run } from 'bundled';\nexport default { test: run };\n`;

/** Loopback is a network that a Worker reaches only when it is allowed to. */
function workerdConfig(compatibilityDate: string, compatibilityFlags: string): string {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = .main),
    (name = "internet", network = (allow = ["public", "private", "local"], tlsOptions = (trustBrowserCas = true))),
  ],
);
const main :Workerd.Worker = (
  modules = [
    (name = "main", esModule = embed "main.mjs"),
    (name = "bundled", esModule = embed "bundled.mjs"),
  ],
  compatibilityDate = "${compatibilityDate}",
  compatibilityFlags = ${compatibilityFlags},
);
`;
}

export const inEdgeRuntime: Start = async ({ binary, project, arguments: passed }) => {
  const outfile = join(newFolder(project), 'bundled.js');
  await bundle('bundled.mjs', {
    ...{ project, format: 'iife', hasNode: false, outfile },
    arguments: passed,
  });
  return { file: binary, args: [join(project, 'edge-runtime.mjs'), outfile] };
};

/** As a route of an app that is built and started. */
export function inNextEdgeRoute(packages: Packages): Start {
  return async ({ binary, project, arguments: passed }) => {
    const folder = newFolder(project);
    await installPackages(folder, packages);
    cpSync(fileURLToPath(new URL('next-edge', import.meta.url)), folder, { recursive: true });
    const outfile = join(folder, 'bundled.mjs');
    await bundle('bundled.mjs', {
      ...{ project, format: 'esm', hasNode: false, outfile },
      arguments: passed,
    });
    return { file: binary, args: [join(folder, 'main.mjs')] };
  };
}

/** Built once, by the runtime that becomes a part of it. */
export function asSingleExecutable(major: number): Start {
  let executable: Promise<string> | undefined;
  return async ({ binary, project, arguments: passed }) => {
    executable ??= buildSingleExecutable(binary, major, project);
    return { file: await executable, args: passed };
  };
}

/** Below the project, from where packages are found. */
function newFolder(project: string): string {
  const folder = join(project, 'runs', randomUUID());
  mkdirSync(folder, { recursive: true });
  return folder;
}
