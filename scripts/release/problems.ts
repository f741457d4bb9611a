/** What stands in the way of a release. */
import { notesOf } from './changelog.js';

export interface Release {
  manifest: { version: string; repository?: string | { url?: string } };
  changelog: string;
  /** The tag that asks for the release, where there is one. */
  tag?: string | undefined;
  /** `<owner>/<name>`, where a workflow of GitHub runs this. */
  repository?: string | undefined;
}

export function releaseProblems({ manifest, changelog, tag, repository }: Release): string[] {
  const { version } = manifest;
  const url =
    typeof manifest.repository === 'string' ? manifest.repository : manifest.repository?.url;
  const problems: string[] = [];
  if (!url) {
    problems.push(
      "package.json has no repository. Set it to this repository's address: npm compares it with where the release was built, and without it nothing is published.",
    );
  } else if (repository !== undefined && !addressOf(url).endsWith(`/${repository.toLowerCase()}`)) {
    problems.push(`package.json names another repository than ${repository}, which builds this.`);
  }
  if (tag !== undefined && tag !== `v${version}`) {
    problems.push(`The tag is ${tag}, but package.json has the version ${version}.`);
  }
  if (!notesOf(changelog, version)) {
    problems.push(`CHANGELOG.md says nothing of ${version}: rename [Unreleased] to [${version}].`);
  }
  return problems;
}

/** As a URL without what comes and goes: `git+`, `.git`, a trailing slash. */
function addressOf(url: string): string {
  return url
    .toLowerCase()
    .replace(/^(git\+|github:)/, '/')
    .replace(/\/$|\.git$/, '');
}
