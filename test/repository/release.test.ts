import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import manifest from '../../package.json';
import { notesOf } from '../../scripts/release/changelog.js';
import { type Release, releaseProblems } from '../../scripts/release/problems.js';

const CHANGELOG = `# Changelog

Of notable changes.

## [Unreleased]

## [1.1.0] - 2026-12-01

### Added

- \`one\` thing.

## [1.0.0] - 2026-11-01

- The first.
`;

const READY: Release = {
  manifest: { version: '1.1.0', repository: { url: 'git+https://github.com/an-owner/a-name.git' } },
  changelog: CHANGELOG,
  tag: 'v1.1.0',
  repository: 'an-owner/a-name',
};

describe('a release', () => {
  test.each<[string, Partial<Release>]>([
    ['as it should be', {}],
    ['without a tag, before npm publish', { tag: undefined, repository: undefined }],
    [
      'of a repository in short form',
      { manifest: { version: '1.1.0', repository: 'github:an-owner/a-name' } },
    ],
    ['of a repository whose owner is written with capitals', { repository: 'An-Owner/a-name' }],
  ])('is ready %s', (_, given) => {
    expect(releaseProblems({ ...READY, ...given })).toEqual([]);
  });

  test.each<[string, Partial<Release>, string]>([
    [
      'the address of the repository is not known',
      { manifest: { version: '1.1.0' } },
      "package.json has no repository. Set it to this repository's address: npm compares it with where the release was built, and without it nothing is published.",
    ],
    [
      'another repository builds it',
      { repository: 'another-owner/a-name' },
      'package.json names another repository than another-owner/a-name, which builds this.',
    ],
    [
      'the tag is of another version',
      { tag: 'v1.2.0' },
      'The tag is v1.2.0, but package.json has the version 1.1.0.',
    ],
    [
      'the changelog says nothing of the version',
      { changelog: CHANGELOG.replace('[1.1.0]', '[1.0.1]') },
      'CHANGELOG.md says nothing of 1.1.0: rename [Unreleased] to [1.1.0].',
    ],
  ])('is refused when %s', (_, given, problem) => {
    expect(releaseProblems({ ...READY, ...given })).toEqual([problem]);
  });

  test('has the section of its version as notes, and no other', () => {
    expect(notesOf(CHANGELOG, '1.1.0')).toBe('### Added\n\n- `one` thing.');
    expect(notesOf(CHANGELOG, '1.0.0')).toBe('- The first.');
    expect(notesOf(CHANGELOG, '1.0')).toBeUndefined();
  });
});

test('npm publish runs the check first, which ends with a status and says why', async () => {
  expect(manifest.scripts.prepublishOnly).toBe('npm run release:check');
  const [command = '', ...args] = manifest.scripts['release:check'].split(' ');
  expect(command).toBe('tsx');
  const check = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', ...args, 'v0.0.0-another'],
    { cwd: fileURLToPath(new URL('../..', import.meta.url)) },
  );

  await expect(check).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining('The tag is v0.0.0-another, but package.json has the version'),
  });
});
