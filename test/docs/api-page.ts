// The page of the API, from the docstrings of what the package exports.

import { join, relative } from 'node:path';
import ts from 'typescript';
import { packageRoot } from '../../experiments/package-root.js';

const root = packageRoot();

const HEAD = `# API

What \`import { ... } from 'rangefit'\` gives. This page is made from the docstrings (\`npm run docs:make\`); a program that
uses most of it is in [program.md](program.md).
`;

const FENCE = '```';

/** As the source declares it, without its body. */
function declarationText(node: ts.Declaration): string {
  const text = node.getText();
  if (ts.isFunctionDeclaration(node) && node.body) return text.slice(0, node.body.getStart() - node.getStart()).trim();
  if (ts.isClassDeclaration(node)) return text.slice(0, text.indexOf('{')).trim();
  if (ts.isVariableDeclaration(node) && node.type) return `const ${node.name.getText()}: ${node.type.getText()}`;
  return text.split('\n').length > MOST_LINES ? `${text.split('\n').slice(0, MOST_LINES).join('\n')}\n// ...` : text;
}

/** Longer declarations are read in their file. */
const MOST_LINES = 24;

export function apiPage(): string {
  const entry = join(root, 'experiments/index.ts');
  // Declarations only: nothing is emitted.
  const options = {
    strict: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
  };
  const program = ts.createProgram([entry], options);
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(entry);
  const door = source && checker.getSymbolAtLocation(source);
  if (!door) throw new Error('experiments/index.ts exports nothing');
  const parts = checker.getExportsOfModule(door).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported;
    const [node] = symbol.declarations ?? [];
    if (!node) throw new Error(`${exported.name} is declared nowhere`);
    const tags = symbol.getJsDocTags(checker).map(({ name, text }) => `- *${name}*: ${ts.displayPartsToString(text)}`);
    const told = ts.displayPartsToString(symbol.getDocumentationComment(checker));
    const file = relative(root, node.getSourceFile().fileName);
    return {
      name: exported.name,
      text: [
        `## ${exported.name}`,
        told,
        tags.join('\n'),
        `${FENCE}ts\n${declarationText(node)}\n${FENCE}`,
        `[${file}](../${file})`,
      ]
        .filter((part) => part !== '')
        .join('\n\n'),
    };
  });
  parts.sort((a, b) => (a.name < b.name ? -1 : 1));
  return `${HEAD}\n${parts.map(({ text }) => text).join('\n\n')}\n`;
}
