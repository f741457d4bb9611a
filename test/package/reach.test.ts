/** What the published code can do to the world: send requests with `fetch`, and little else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, inject, test } from 'vitest';
import { issueCode, startLoopbackServer } from '../support/loopback-server.js';
import { type Reach, reachOf } from './reach.js';
import { runInConsumer } from './run-in-consumer.js';

const consumer = inject('consumer');
const dist = join(consumer, 'node_modules/sentiance-user-link/dist');

const LIBRARY = 'sentiance-user-link';

/** All that each entry point reaches; a new name here is a decision. */
const REACH: Record<string, Omit<Reach, 'anything'>> = {
  index: {
    modules: [],
    globals: [
      // The one way to the network.
      'fetch',
      // The key and the region, and the name of the runtime for the user agent.
      'process.env',
      'process.versions',
      // Whether this is a browser.
      'importScripts',
      'location',
      'navigator',
      'window',
      // Time.
      'clearTimeout',
      'performance',
      'setTimeout',
      // Values.
      'AbortController',
      'AbortSignal',
      'Blob',
      'FormData',
      'Headers',
      'ReadableStream',
      'Request',
      'Response',
      'TextDecoder',
      'TextEncoder',
      'TransformStream',
      'URL',
      'URLSearchParams',
      'btoa',
      // ky gives fetch its `this`; zod keeps its settings in a global of its own.
      'globalThis.fetch.bind(globalThis)',
      '_a = globalThis',
      '__zod_globalConfig',
    ],
  },
  'testing/index': {
    // The emulator listens on loopback, counts out codes, and knows the names of its machine.
    modules: ['node:crypto', 'node:http', 'node:os', 'node:timers/promises', LIBRARY],
    globals: [
      'AbortController',
      'Buffer',
      'Headers',
      'ReadableStream',
      'Request',
      'Response',
      'TextDecoder',
      'TextEncoder',
      'URL',
      // Events for the page, and how long a request took.
      'clearTimeout',
      'performance',
      'setTimeout',
    ],
  },
  'testing/msw': {
    modules: ['msw', LIBRARY, `${LIBRARY}/testing`],
    globals: ['Request', 'URL'],
  },
  bin: {
    modules: ['node:os', 'node:util', LIBRARY, `${LIBRARY}/testing`],
    globals: [
      // `await using`: part of the language from Node 24 on.
      ...('SuppressedError' in globalThis ? [] : ['SuppressedError']),
      'URL',
      'performance',
      'process.argv',
      'process.env',
      'process.exit',
      'process.exitCode',
      'process.once',
      'process.stderr',
      'process.stdout',
    ],
  },
};

describe('the published code', () => {
  const copies = Object.entries(REACH).flatMap(([entry, reach]) => [
    { file: `${entry}.js`, ...reach },
    ...(entry === 'bin'
      ? []
      : [{ file: `${entry}.cjs`, ...reach, globals: [...reach.globals, 'module.exports'] }]),
  ]);

  test.each(copies)(
    'reaches these modules and globals, and makes no code: $file',
    ({ file, modules, globals }) => {
      const reach = reachOf(readFileSync(join(dist, file), 'utf8'));

      expect(reach).toEqual({ modules, globals: globals.toSorted(), anything: [] });
    },
  );

  /** Node's permission model: its name changed with Node 22, its reach with Node 25. */
  const knows = (flag: string) => process.allowedNodeEnvironmentFlags.has(flag);
  const permission = knows('--permission') ? '--permission' : '--experimental-permission';
  const permissions = [permission, ...(knows('--allow-net') ? ['--allow-net'] : [])];

  test.each(['call.mjs', 'call.cjs'])(
    'works where no code is made from text and no file but its own is read: %s',
    async (script) => {
      const { url } = await startLoopbackServer(issueCode);
      const noCodeFromText = '--disallow-code-generation-from-strings';
      const onlyItsOwn = [...permissions, `--allow-fs-read=${consumer}/*`, '--no-warnings'];

      const printed = await runInConsumer(noCodeFromText, ...onlyItsOwn, script, url);

      expect(printed).toEqual({ stdout: 'issued-code\n', stderr: '' });
    },
  );
});

describe('the search for what code can reach', () => {
  test.each<[string, string, Partial<Reach>]>([
    ['an import', `import { request } from 'node:http'`, { modules: ['node:http'] }],
    ['an export', `export * from 'node:fs'`, { modules: ['node:fs'] }],
    ['a require', `const fs = require('fs')`, { modules: ['fs'] }],
    ['a late import', `await import('node:net')`, { modules: ['node:net'] }],
    ['an import of anything', `import('a' + 1)`, { anything: [`import('a' + 1)`] }],
    ['a require of anything', `require('a' + 1)`, { anything: [`require('a' + 1)`] }],
    ['a global', 'new WebSocket(url)', { globals: ['WebSocket', 'url'] }],
    ['a global in an object', 'const all = { fetch }', { globals: ['fetch'] }],
    ['a global of globalThis', 'globalThis.fetch(1)', { globals: ['fetch'] }],
    ['a global taken apart', 'const { fetch: f } = globalThis', { globals: ['fetch'] }],
    ['a computed global', 'globalThis[1 + 1]', { globals: ['globalThis[1 + 1]'] }],
    ['a member of process', 'globalThis.process?.binding(1)', { globals: ['process.binding'] }],
    ['a look for process', 'globalThis.process && process.env', { globals: ['process.env'] }],
    ['a setting of process', 'process.exitCode = 1', { globals: ['process.exitCode'] }],
    ['eval', `eval('1')`, { anything: [`eval('1')`] }],
    ['eval by another name', `const run = eval`, { anything: ['run = eval'] }],
    ['eval of globalThis', 'globalThis.eval(1)', { anything: ['globalThis.eval'] }],
    ['new Function', `new Function('1')`, { anything: [`new Function('1')`] }],
    ['Function by another name', 'const F = Function', { anything: ['F = Function'] }],
    ['a constructor', `f.constructor('1')`, { globals: ['f'], anything: [`f.constructor('1')`] }],
    ['nothing in a check', 'this instanceof Function', {}],
    ['nothing in what is its own', 'const fetch = (url) => ({ url }).url; fetch(1)', {}],
    ['nothing in the language', 'Object.assign(new Map(), Reflect.ownKeys(JSON))', {}],
  ])('finds %s', (_, code, found) => {
    expect(reachOf(code)).toEqual({ modules: [], globals: [], anything: [], ...found });
  });
});
