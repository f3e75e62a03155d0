import ts from 'typescript';

/** What is put into a text, and where. */
interface Insertion {
  readonly at: number;
  readonly text: string;
}

/**
 * A TypeScript source that counts how often each of its branches runs: bodies of functions, arms of conditions, loops and cases, and the right sides of
 * `&&`, `||` and `??`. `next` numbers the branches; line numbers stay as they are.
 */
export function instrument(source: string, next: () => number): string {
  const insertions: Insertion[] = [{ at: 0, text: 'const branchHits = globalThis.branchHits;' }];
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const count = (): string => `branchHits[${next()}]++`;

  function statement(node: ts.Statement): void {
    if (ts.isBlock(node)) return block(node);
    insertions.push({ at: node.getStart(file), text: `{${count()};` }, { at: node.end, text: '}' });
  }
  function block(node: ts.Block): void {
    insertions.push({ at: node.getStart(file) + 1, text: `${count()};` });
  }
  function expression(node: ts.Expression): void {
    insertions.push({ at: node.getStart(file), text: `(${count()},` }, { at: node.end, text: ')' });
  }
  function visit(node: ts.Node): void {
    if (ts.isTypeNode(node)) return;
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      if (ts.isBlock(node.body)) block(node.body);
      else expression(node.body);
    } else if (ts.isIfStatement(node)) {
      statement(node.thenStatement);
      if (node.elseStatement !== undefined) statement(node.elseStatement);
    } else if (ts.isIterationStatement(node, false)) statement(node.statement);
    else if (ts.isCatchClause(node)) block(node.block);
    else if (ts.isCaseOrDefaultClause(node)) {
      const [first] = node.statements;
      if (first !== undefined) insertions.push({ at: first.getStart(file), text: `${count()};` });
    } else if (ts.isConditionalExpression(node)) {
      expression(node.whenTrue);
      expression(node.whenFalse);
    } else if (ts.isBinaryExpression(node) && LOGICAL.has(node.operatorToken.kind)) expression(node.right);
    ts.forEachChild(node, visit);
  }
  visit(file);
  return inserted(source, insertions);
}

const LOGICAL: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
]);

/** Those of one position in their order, which is outside in. */
function inserted(source: string, insertions: readonly Insertion[]): string {
  const inOrder = insertions.map((each, order) => ({ ...each, order }));
  inOrder.sort((one, other) => one.at - other.at || one.order - other.order);
  let text = '';
  let from = 0;
  for (const { at, text: piece } of inOrder) {
    text += source.slice(from, at) + piece;
    from = at;
  }
  return text + source.slice(from);
}
