import { fieldsOf, listOf, type NodeBudget, nodeOf } from './tree-node.ts';

/** What makes a condition depend on a row, on a parameter or on what a function says. */
const CHANGING: ReadonlySet<string> = new Set(
  'ColumnRef ParamRef SubLink FuncCall SQLValueFunction CurrentOfExpr'.split(' '),
);
/** `=`, `<=`, `>=` and LIKE: what a value always is to itself. */
const SELF: ReadonlySet<unknown> = new Set(['=', '<=', '>=', '~~', '~~*']);

/** Whether a WHERE says nothing: `WHERE 1=1`, `WHERE true`, `WHERE id = id`, `WHERE id = 5 OR 1=1`. */
export function holdsForEveryRow(condition: unknown, budget: NodeBudget): boolean {
  budget.spend();
  const node = nodeOf(condition);
  if (node?.type === 'BoolExpr') {
    const parts = listOf(node.fields.args);
    if (node.fields.boolop === 'OR_EXPR') return parts.some((part) => holdsForEveryRow(part, budget));
    if (node.fields.boolop === 'AND_EXPR') return parts.every((part) => holdsForEveryRow(part, budget));
  }
  if (node?.type === 'A_Expr') {
    const { name, lexpr, rexpr } = node.fields;
    const sign = fieldsOf(fieldsOf(listOf(name).at(-1)).String).sval;
    const column = columnOf(lexpr);
    if (SELF.has(sign) && column !== null && column === columnOf(rexpr)) return true;
  }
  return isConstant(condition, budget);
}

function columnOf(value: unknown): string | null {
  const node = nodeOf(value);
  return node?.type === 'ColumnRef' ? JSON.stringify(node.fields.fields) : null;
}

function isConstant(condition: unknown, budget: NodeBudget): boolean {
  const open = [condition];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    budget.spend();
    for (const [key, value] of Object.entries(fieldsOf(one))) {
      if (CHANGING.has(key)) return false;
      if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return true;
}
