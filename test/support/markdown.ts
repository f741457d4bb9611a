/** As much of Markdown as our pages use: sections, tables, code blocks and links. */

export interface CodeBlock {
  /** What stands behind the fence, such as `ts`. */
  language: string;
  /** The line of the file that its code begins on. */
  line: number;
  code: string;
}

/** A heading of any level and what follows it, up to the next heading. */
export interface Section {
  heading: string;
  /** All but the code blocks. */
  text: string;
  codeBlocks: CodeBlock[];
}

export function parseMarkdown(markdown: string): Section[] {
  let section: Section = { heading: '', text: '', codeBlocks: [] };
  let block: CodeBlock | undefined;
  const sections = [section];
  for (const [index, line] of markdown.split('\n').entries()) {
    const language = /^\s*```(\S*)/.exec(line)?.[1];
    const heading = /^#+ (.+)/.exec(line)?.[1];
    if (language !== undefined && block) {
      block = undefined;
    } else if (language !== undefined) {
      block = { language, line: index + 2, code: '' };
      section.codeBlocks.push(block);
    } else if (block) {
      block.code += `${line}\n`;
    } else if (heading !== undefined) {
      section = { heading, text: '', codeBlocks: [] };
      sections.push(section);
    } else {
      section.text += `${line}\n`;
    }
  }
  if (block) throw new Error(`The code block at line ${block.line} has no end.`);
  return sections;
}

/** The section with this heading, which must exist. */
export function sectionCalled(heading: string, sections: readonly Section[]): Section {
  const found = sections.find((section) => section.heading === heading);
  if (found === undefined) throw new Error(`There is no section "${heading}".`);
  return found;
}

/** The cells of one of a section's tables, row by row, without its head. */
export function tableRows({ heading, text }: Section, index = 0): string[][] {
  const tables = text.match(/^\|.+\n\|(?:-+\|)+\n(?:\|.+\n)*/gm) ?? [];
  const table = tables[index];
  if (table === undefined) throw new Error(`"${heading}" has no table ${index}.`);
  const lines = table.trimEnd().split('\n');
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );
}

/** What stands between backticks. */
export function codeSpans(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, span = '']) => span);
}

/** What the pattern's group matches in a section, which must have such a sentence. */
export function stated({ heading, text }: Section, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`"${heading}" says nothing like ${pattern}.`);
  return found;
}

export function numbersStated(section: Section, pattern: RegExp): number[] {
  return (stated(section, pattern).match(/\d+/g) ?? []).map(Number);
}

/** What a section links to. */
export function linkTargets({ text }: Pick<Section, 'text'>): string[] {
  return [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The fragment that GitHub gives a heading. */
export function anchorOf({ heading }: Section): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');
}
