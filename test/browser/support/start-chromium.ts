/** One Chromium for all tests of a run; each test has a profile of its own in it. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    chromium: string;
  }
}

const FIND = fileURLToPath(new URL('../find-chromium.mjs', import.meta.url));

export default async function startChromium(project: TestProject) {
  const server = await chromium.launchServer({
    executablePath: execFileSync(process.execPath, [FIND], { encoding: 'utf8' }).trim(),
    // A sandbox needs rights that a container does not give; nothing but our own page is opened.
    chromiumSandbox: false,
    args: [
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // A picture drawn anew each time is the same in each run.
      '--disable-partial-raster',
    ],
  });
  project.provide('chromium', server.wsEndpoint());
  return () => server.close();
}
