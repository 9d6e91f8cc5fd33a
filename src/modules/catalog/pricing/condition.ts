import { type ASTNode, Environment, type ParseResult } from '@marcbachmann/cel-js';

/**
 * Conditions of rules in CEL, over what is known of a listing. They are typed, have a size limit, cannot loop within loops, and cannot
 * use regular expressions, with which one short text can keep a machine busy for minutes.
 */
const environment = new Environment({
  limits: { maxAstNodes: 200, maxDepth: 16, maxListElements: 100, maxMapEntries: 0, maxCallArguments: 4 },
})
  .registerVariable('cost', 'double')
  .registerVariable('landed', 'double')
  .registerVariable('supplier', 'string')
  .registerVariable('brand', 'string')
  .registerVariable('category', 'string')
  .registerVariable('sku', 'string')
  .registerVariable('tags', 'list<string>')
  .registerVariable('stock', 'int')
  .registerVariable('channel', 'string')
  .registerVariable('currency', 'string')
  .registerVariable('weight', 'int');

/** Amounts in whole units of the selling currency; stock in units, weight in grams (0: unknown). */
export interface ConditionFacts {
  cost: number;
  landed: number;
  supplier: string;
  brand: string;
  category: string;
  sku: string;
  tags: readonly string[];
  stock: bigint;
  channel: string;
  currency: string;
  weight: bigint;
}

const macros = new Set(['all', 'exists', 'exists_one', 'map', 'filter']);
const known = 'cost, landed, supplier, brand, category, sku, tags, stock, channel, currency, weight';

/** What is wrong with a condition and where; null when it can be used. */
export function conditionTrouble(text: string): string | null {
  let parsed: ParseResult;
  try {
    parsed = environment.parse(text);
  } catch (error) {
    return placed(error);
  }
  const outlawed = findOutlawed(parsed.ast, 0);
  if (outlawed) return outlawed;
  const { valid, type, error } = parsed.check();
  if (!valid) return placed(error);
  if (type !== 'bool') return `It is a ${type}, and a condition is true or false.`;
  return null;
}

function placed(error: unknown): string {
  const { summary, range, message } = error as { summary?: string; range?: { start: number }; message: string };
  const said = (summary ?? message).split('\n')[0]?.slice(0, 200) ?? '';
  const more = said.startsWith('Unknown variable') ? ` Known are ${known}.` : '';
  return `${said.replace(/\.$/, '')}${range ? `, at letter ${range.start + 1}` : ''}.${more}`;
}

/** Regular expressions, and loops inside loops. */
function findOutlawed(node: ASTNode, loops: number): string | null {
  const { op, args } = node;
  let depth = loops;
  if (op === 'rcall' || op === 'call') {
    const name = args[0];
    if (name === 'matches')
      return `Regular expressions are not taken, at letter ${node.start + 1}; use contains, startsWith, endsWith or "in".`;
    if (op === 'rcall' && macros.has(name)) depth += 1;
    if (depth > 1) return `A loop stands inside a loop, at letter ${node.start + 1}.`;
  }
  for (const part of partsOf(args)) {
    const found = findOutlawed(part, depth);
    if (found) return found;
  }
  return null;
}

function partsOf(args: unknown): ASTNode[] {
  if (Array.isArray(args)) return args.flatMap(partsOf);
  return typeof args === 'object' && args !== null && 'op' in args ? [args as ASTNode] : [];
}

/** Compiled once. Throws what evaluating throws, which the caller takes as "held". */
export function compileCondition(text: string): (facts: ConditionFacts) => boolean {
  const evaluate = environment.parse(text);
  return (facts) => evaluate(facts) === true;
}
