/** What a file of JavaScript can reach outside itself, as its syntax says. */
import { runInNewContext } from 'node:vm';
import ts from 'typescript';

export interface Reach {
  /** Modules that it imports or requires. */
  modules: string[];
  /** Globals that the host has and the language has not, such as `fetch` and `process.env`. */
  globals: string[];
  /** Code by which it could do whatever it likes: `eval`, or the import of a computed name. */
  anything: string[];
}

/** What every JavaScript has, and what cannot do anything to the world outside. */
const LANGUAGE = new Set<string>(runInNewContext('Object.getOwnPropertyNames(globalThis)'));
for (const notHarmless of ['console', 'globalThis']) LANGUAGE.delete(notHarmless);
for (const notGlobal of ['arguments', 'require']) LANGUAGE.add(notGlobal);

const CODE_MAKERS = ['eval', 'Function', 'WebAssembly'];

/** Of these it matters which of their members are used. */
const HOLDERS = ['globalThis', 'module', 'process'];

export function reachOf(code: string): Reach {
  const { file, checker } = parse(code);
  const modules = new Set<string>();
  const globals = new Set<string>();
  const anything: string[] = [];

  const visit = (node: ts.Node): void => {
    const name = moduleName(node);
    if (name && ts.isStringLiteral(name)) modules.add(name.text);
    else if (name || callsConstructorProperty(node)) anything.push(node.getText());

    if (ts.isIdentifier(node) && isFree(node, checker)) {
      for (const path of pathsFrom(node)) {
        if (CODE_MAKERS.includes(path) && !makesNothing(node)) anything.push(node.parent.getText());
        else if (!LANGUAGE.has(path)) globals.add(path);
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return { modules: [...modules].sort(), globals: [...globals].sort(), anything };
}

/** As TypeScript: of JavaScript the compiler takes `process.exitCode = 1` for a declaration. */
function parse(code: string): { file: ts.SourceFile; checker: ts.TypeChecker } {
  const name = 'code.ts';
  const options = { noLib: true, types: [], noResolve: true, target: ts.ScriptTarget.ESNext };
  const file = ts.createSourceFile(name, code, ts.ScriptTarget.ESNext, true);
  const host = ts.createCompilerHost(options);
  host.getSourceFile = (path) => (path === name ? file : undefined);
  return { file, checker: ts.createProgram([name], options, host).getTypeChecker() };
}

/** The expression that says what an import, an export or a `require` loads. */
function moduleName(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (!ts.isCallExpression(node)) return undefined;
  const { expression, arguments: given } = node;
  const isImport = expression.kind === ts.SyntaxKind.ImportKeyword;
  const isRequire = ts.isIdentifier(expression) && expression.text === 'require';
  return isImport || isRequire ? (given[0] ?? expression) : undefined;
}

/** `(() => {}).constructor('code')` is `Function('code')`. */
function callsConstructorProperty(node: ts.Node): boolean {
  if (!ts.isCallExpression(node) && !ts.isNewExpression(node)) return false;
  const { expression } = node;
  return ts.isPropertyAccessExpression(expression) && expression.name.text === 'constructor';
}

/** Whether it is a name that the file uses and does not declare. */
function isFree(node: ts.Identifier, checker: ts.TypeChecker): boolean {
  const { parent } = node;
  if (ts.isShorthandPropertyAssignment(parent)) {
    return !isDeclared(checker.getShorthandAssignmentValueSymbol(parent));
  }
  return !namesSomethingElse(node) && !isDeclared(checker.getSymbolAtLocation(node));
}

function isDeclared(symbol: ts.Symbol | undefined): boolean {
  return (symbol?.declarations ?? []).length > 0;
}

/** Whether it is the name of a property, a label or an export, which refers to no variable. */
function namesSomethingElse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node;
  if (
    ts.isPropertyAccessExpression(parent) ||
    ts.isObjectLiteralElement(parent) ||
    ts.isClassElement(parent)
  ) {
    return parent.name === node;
  }
  return (
    ts.isImportSpecifier(parent) ||
    ts.isExportSpecifier(parent) ||
    ts.isMetaProperty(parent) ||
    ts.isLabeledStatement(parent) ||
    ts.isBreakOrContinueStatement(parent)
  );
}

/** `Function.prototype`, or the right side of `instanceof Function`. */
function makesNothing({ parent }: ts.Identifier): boolean {
  if (ts.isPropertyAccessExpression(parent)) return parent.name.text === 'prototype';
  return (
    ts.isBinaryExpression(parent) && parent.operatorToken.kind === ts.SyntaxKind.InstanceOfKeyword
  );
}

/** What is used through a global: `process.env`, not `process`; `fetch` for `globalThis.fetch`. */
function pathsFrom(node: ts.Identifier): string[] {
  const pathsOf = (holder: string, expression: ts.Node): string[] => {
    if (!HOLDERS.includes(holder)) return [holder];
    return membersOf(expression).flatMap((member) => {
      if (holder === 'globalThis') return pathsOf(member, expression.parent);
      return `${holder}.${member}`;
    });
  };
  return pathsOf(node.text, node);
}

/** The members of an object that an expression uses, or where it stands when that does not show. */
function membersOf(expression: ts.Node): string[] {
  const { parent } = expression;
  if (ts.isPropertyAccessExpression(parent) && parent.expression === expression) {
    return [parent.name.text];
  }
  if (ts.isVariableDeclaration(parent) && ts.isObjectBindingPattern(parent.name)) {
    return parent.name.elements.map(({ name, propertyName }) => (propertyName ?? name).getText());
  }
  // `process && …` asks only whether it is there.
  if (
    ts.isBinaryExpression(parent) &&
    parent.left === expression &&
    parent.operatorToken.kind === ts.SyntaxKind.AmpersandAmpersandToken
  ) {
    return [];
  }
  return [parent.getText()];
}
