/** Code in a Markdown file, compiled as a reader's own project would, and run. */
import { fileURLToPath } from 'node:url';
import { runInThisContext } from 'node:vm';
import ts from 'typescript';
import type { CodeBlock } from './markdown.js';

// As the compiler writes paths, on Windows too.
const ROOT = fileURLToPath(new URL('../../', import.meta.url)).replaceAll('\\', '/');

/** What Jest gives to its tests without an import. */
const JEST_GLOBALS = 'declare const jest: any, test: any, expect: any;';

/**
 * Compiles the blocks of a page, with `ts` or `js` for their language, each as a module under this
 * project's options. A block may import another one by the file name in its first line. Returns
 * what the compiler has to say, with the line of the page: of JavaScript, what is wrong without
 * types too.
 */
export function compile(blocks: readonly CodeBlock[]): string[] {
  const options: ts.CompilerOptions = {
    ...projectOptions(),
    allowJs: true,
    checkJs: true,
    moduleDetection: ts.ModuleDetectionKind.Force,
  };
  const sources = new Map(blocks.map((block) => [ROOT + fileName(block), inPlace(block)]));
  sources.set(`${ROOT}jest-globals.d.ts`, JEST_GLOBALS);
  const disk = ts.createCompilerHost(options);
  const program = ts.createProgram([...sources.keys()], options, {
    ...disk,
    fileExists: (file) => sources.has(file) || disk.fileExists(file),
    getSourceFile: (file, version) => {
      const source = sources.get(file);
      if (source === undefined) return disk.getSourceFile(file, version);
      return ts.createSourceFile(file, source, version);
    },
  });
  return [...sources.keys()]
    .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
    .filter(({ file, code }) => !file?.fileName.endsWith('.js') || isWrongWithoutTypes(code))
    .map(describeDiagnostic);
}

/** Syntax, and names, exports and modules that do not exist. */
function isWrongWithoutTypes(code: number): boolean {
  return code < 2_000 || [2304, 2305, 2307, 2552, 2724].includes(code);
}

/** As its first line says, such as `// login.js`. */
function fileName({ code, language, line }: CodeBlock): string {
  return /^\/\/ ([\w.]+\.[jt]s)\b/.exec(code)?.[1] ?? `block-${line}.${language}`;
}

function projectOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(`${ROOT}tsconfig.json`, ts.sys.readFile);
  return ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options;
}

/** The code on the line that it has in its file, which is then the line that the compiler names. */
function inPlace({ code, line }: CodeBlock): string {
  return '\n'.repeat(line - 1) + code;
}

function describeDiagnostic({ file, start, messageText }: ts.Diagnostic): string {
  const line = file && ts.getLineAndCharacterOfPosition(file, start ?? 0).line + 1;
  return `line ${line}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
}

/** The functions that a block exports. */
type Exports = Record<string, (...args: unknown[]) => unknown>;

/**
 * Runs a block as a module of its own, to its end, and returns what it exports. `replaced` are the
 * modules that it gets in place of the real ones.
 */
export async function run(
  { code, line }: CodeBlock,
  replaced: Readonly<Record<string, object>> = {},
): Promise<Exports> {
  const imported = new Map<string, unknown>();
  for (const { fileName } of ts.preProcessFile(code, true, true).importedFiles) {
    const module: object = replaced[fileName] ?? (await import(fileName));
    // Else the compiled code takes it for CommonJS, and the whole for its default.
    imported.set(fileName, { __esModule: true, ...module });
  }
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 },
  });
  const body = runInThisContext(`(async (require, exports) => {${outputText}\n})`, {
    filename: `code block at line ${line}`,
  });
  const exported: Exports = {};
  await body((name: string) => imported.get(name), exported);
  return exported;
}
