// Node's hooks for npm run fuzz: as typescript-hooks.mjs, and the product's own files count in `globalThis.fuzzCounters` which branches they
// take. A counter stands at the start of every function, branch, loop body, case and right-hand operand.
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { load as loadPlain } from './typescript-hooks.mjs';

const COUNTED = /\/(?:gateway|adapters|cli)\/|\/test\/fuzz\/targets\/planted/;
const LOGICAL = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

let counters = 0;

/** Node's hook. */
export async function load(url, context, nextLoad) {
  if (!url.endsWith('.ts') || !COUNTED.test(url)) return loadPlain(url, context, nextLoad);
  return { format: 'module', source: count(await readFile(fileURLToPath(url), 'utf8')), shortCircuit: true };
}

function count(text) {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      inlineSourceMap: true,
    },
    transformers: { before: [instrument] },
  });
  return `const fuzzCounters = globalThis.fuzzCounters; globalThis.fuzzUsed = ${counters}; ${outputText}`;
}

function instrument(context) {
  const { factory } = context;
  const hit = () =>
    factory.createPostfixIncrement(
      factory.createElementAccessExpression(factory.createIdentifier('fuzzCounters'), counters++),
    );
  const hitFirst = (expression) =>
    factory.createParenthesizedExpression(
      factory.createComma(hit(), factory.createParenthesizedExpression(expression)),
    );
  const hitBlock = (statement) => {
    const statements = statement === undefined ? [] : ts.isBlock(statement) ? statement.statements : [statement];
    return factory.createBlock([factory.createExpressionStatement(hit()), ...statements], true);
  };
  const visit = (node) => {
    const seen = ts.visitEachChild(node, visit, context);
    return REWRITES.get(seen.kind)?.(seen, { factory, hit, hitFirst, hitBlock }) ?? seen;
  };
  return (file) => ts.visitNode(file, visit);
}

const loop = (update) => (node, tools) => update(tools.factory, node, tools.hitBlock(node.statement));

const REWRITES = new Map([
  [ts.SyntaxKind.FunctionDeclaration, rewriteBody],
  [ts.SyntaxKind.FunctionExpression, rewriteBody],
  [ts.SyntaxKind.MethodDeclaration, rewriteBody],
  [ts.SyntaxKind.ArrowFunction, rewriteArrow],
  [ts.SyntaxKind.IfStatement, rewriteIf],
  [ts.SyntaxKind.ConditionalExpression, rewriteConditional],
  [ts.SyntaxKind.BinaryExpression, rewriteLogical],
  [ts.SyntaxKind.CaseClause, rewriteCase],
  [ts.SyntaxKind.DefaultClause, rewriteCase],
  [
    ts.SyntaxKind.CatchClause,
    (node, { factory, hitBlock }) => factory.updateCatchClause(node, node.variableDeclaration, hitBlock(node.block)),
  ],
  [
    ts.SyntaxKind.ForStatement,
    loop((factory, node, body) =>
      factory.updateForStatement(node, node.initializer, node.condition, node.incrementor, body),
    ),
  ],
  [
    ts.SyntaxKind.ForOfStatement,
    loop((factory, node, body) =>
      factory.updateForOfStatement(node, node.awaitModifier, node.initializer, node.expression, body),
    ),
  ],
  [
    ts.SyntaxKind.WhileStatement,
    loop((factory, node, body) => factory.updateWhileStatement(node, node.expression, body)),
  ],
  [ts.SyntaxKind.DoStatement, loop((factory, node, body) => factory.updateDoStatement(node, body, node.expression))],
]);

// Replacing the body through the generic visitor keeps every other part of the function as it is.
function rewriteBody(node, { hitBlock }) {
  return node.body === undefined ? node : withBody(node, hitBlock(node.body));
}

function rewriteArrow(node, { hitBlock, hitFirst }) {
  return withBody(node, ts.isBlock(node.body) ? hitBlock(node.body) : hitFirst(node.body));
}

function withBody(node, body) {
  return ts.visitEachChild(node, (child) => (child === node.body ? body : child), undefined);
}

function rewriteIf(node, { factory, hitBlock }) {
  return factory.updateIfStatement(node, node.expression, hitBlock(node.thenStatement), hitBlock(node.elseStatement));
}

function rewriteConditional(node, { factory, hitFirst }) {
  return factory.updateConditionalExpression(
    node,
    node.condition,
    node.questionToken,
    hitFirst(node.whenTrue),
    node.colonToken,
    hitFirst(node.whenFalse),
  );
}

function rewriteLogical(node, { factory, hitFirst }) {
  if (!LOGICAL.has(node.operatorToken.kind)) return node;
  return factory.updateBinaryExpression(node, node.left, node.operatorToken, hitFirst(node.right));
}

function rewriteCase(node, { factory, hit }) {
  const statements = [factory.createExpressionStatement(hit()), ...node.statements];
  return ts.isCaseClause(node)
    ? factory.updateCaseClause(node, node.expression, statements)
    : factory.updateDefaultClause(node, statements);
}
