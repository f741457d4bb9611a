/**
 * Refuses a release that is not ready: `npm run release:check`, or with its tag,
 * `npm run release:check -- v1.2.3`. npm runs it before `npm publish`.
 */
import { readFileSync } from 'node:fs';
import { releaseProblems } from './problems.js';

const problems = releaseProblems({
  manifest: JSON.parse(readFileSync('package.json', 'utf8')),
  changelog: readFileSync('CHANGELOG.md', 'utf8'),
  tag: process.argv[2],
  repository: process.env.GITHUB_REPOSITORY,
});
for (const problem of problems) console.error(`Not ready for a release: ${problem}`);
process.exitCode = problems.length === 0 ? 0 : 1;
