/** The Markdown pages that people read, and their code. */
import { readdirSync, readFileSync } from 'node:fs';
import { type CodeBlock, parseMarkdown, type Section, sectionCalled } from './markdown.js';

export const ROOT = new URL('../../', import.meta.url);

/** The hand-written pages for users, by their paths from the root. */
export const USER_PAGES = [
  'README.md',
  ...readdirSync(new URL('docs', ROOT))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

export function readPage(path: string): string {
  return readFileSync(new URL(path, ROOT), 'utf8');
}

export function sectionsOf(path: string): Section[] {
  return parseMarkdown(readPage(path));
}

export function sectionOf(path: string, heading: string): Section {
  return sectionCalled(heading, sectionsOf(path));
}

/** The code block of a section with this number, from 0. */
export function codeBlockOf(path: string, heading: string, index = 0): CodeBlock {
  const block = sectionOf(path, heading).codeBlocks[index];
  if (block === undefined) throw new Error(`"${heading}" in ${path} has no code block ${index}.`);
  return block;
}
