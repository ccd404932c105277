// Rules on what the code says: nothing undetermined in models and sim, no shell strings. Found in the syntax tree, so
// that comments, strings and names that only look alike do not count.

import ts from 'typescript';
import type { Project, SourceFile } from './project.js';

const GLOBALS = new Set([
  'Date',
  'performance',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'process',
  'console',
  'crypto',
  'fetch',
  'globalThis',
  'global',
  'require',
  'eval',
]);
/** Exact in IEEE 754, or the same in every engine: the results of all others may differ in their last bits. */
const MATH = new Set(
  'abs ceil floor round trunc sign min max sqrt fround imul clz32 PI E LN2 LN10 LOG2E LOG10E SQRT2 SQRT1_2'.split(' '),
);
const PROCESS_MODULES = /^(node:)?child_process$/;
const ARGUMENT_LISTS = new Set(['spawn', 'spawnSync', 'execFile', 'execFileSync', 'fork']);
const EXECA_STRINGS = new Set(['execaCommand', 'execaCommandSync', '$', 'default']);

type Visit = (node: ts.Node, complain: (what: string) => void) => void;

function walk({ path, text }: SourceFile, visit: Visit): string[] {
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const step = (node: ts.Node): void => {
    const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
    visit(node, (what) => found.push(`${path}:${line + 1} ${what}`));
    ts.forEachChild(node, step);
  };
  step(file);
  return found;
}

/** The identifier stands for a value of that name, not for a property, a key or a type's member. */
function isReference(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  if (ts.isQualifiedName(parent)) return parent.left === node;
  if (ts.isShorthandPropertyAssignment(parent)) return true;
  if (ts.isPropertyAssignment(parent)) return parent.initializer === node;
  if (ts.isBindingElement(parent) && parent.propertyName === node) return false;
  const named = parent as { name?: ts.Node };
  const declares =
    ts.isMethodDeclaration(parent) ||
    ts.isMethodSignature(parent) ||
    ts.isPropertyDeclaration(parent) ||
    ts.isPropertySignature(parent) ||
    ts.isGetAccessor(parent) ||
    ts.isSetAccessor(parent) ||
    ts.isEnumMember(parent);
  return !(declares && named.name === node);
}

const isWhole = (node: ts.Expression): boolean =>
  ts.isPrefixUnaryExpression(node)
    ? node.operator === ts.SyntaxKind.MinusToken && isWhole(node.operand)
    : ts.isNumericLiteral(node) && Number.isInteger(Number(node.text));

const POWERS = new Set([ts.SyntaxKind.AsteriskAsteriskToken, ts.SyntaxKind.AsteriskAsteriskEqualsToken]);

/** In models and sim: no clock, no ambient randomness, no output, no function whose last bits vary. */
export function deterministic(project: Project): string[] {
  return project.sources
    .filter(({ path }) => /^(models|sim)\//.test(path))
    .flatMap((file) =>
      walk(file, (node, complain) => {
        if (ts.isBinaryExpression(node) && POWERS.has(node.operatorToken.kind) && !isWhole(node.right))
          complain('** with an exponent that is not a whole literal');
        if (!ts.isIdentifier(node) || !isReference(node)) return;
        if (GLOBALS.has(node.text)) complain(node.text);
        if (node.text !== 'Math') return;
        const { parent } = node;
        if (!ts.isPropertyAccessExpression(parent)) complain('Math other than as Math.name');
        else if (!MATH.has(parent.name.text)) complain(`Math.${parent.name.text}`);
      }),
    );
}

/** Processes take argument lists: nothing is handed to a shell, and no import allows it. */
export function withoutShellStrings(project: Project): string[] {
  return project.sources.flatMap((file) =>
    walk(file, (node, complain) => {
      if (
        ts.isPropertyAssignment(node) &&
        node.name.getText() === 'shell' &&
        node.initializer.kind !== ts.SyntaxKind.FalseKeyword
      )
        complain('shell option');
      if (!ts.isImportDeclaration(node) || !ts.isStringLiteral(node.moduleSpecifier)) return;
      const from = node.moduleSpecifier.text;
      for (const name of importedNames(node)) {
        if (PROCESS_MODULES.test(from) && !ARGUMENT_LISTS.has(name) && !/^[A-Z]/.test(name))
          complain(`import of ${name} from ${from}`);
        if (from === 'execa' && EXECA_STRINGS.has(name)) complain(`import of ${name} from ${from}`);
      }
    }),
  );
}

/** Names as the imported module has them; `default` and `*` for those forms. */
function importedNames({ importClause }: ts.ImportDeclaration): string[] {
  const bindings = importClause?.namedBindings;
  return [
    ...(importClause?.name ? ['default'] : []),
    ...(bindings && ts.isNamespaceImport(bindings) ? ['*'] : []),
    ...(bindings && ts.isNamedImports(bindings)
      ? bindings.elements.map((element) => (element.propertyName ?? element.name).text)
      : []),
  ];
}
