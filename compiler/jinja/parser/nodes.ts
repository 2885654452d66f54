import type { Value } from '../values/value.ts';

/** What every node has: the offset in the source that errors of it point at. */
interface At {
  readonly at: number;
}

export type Name = At & { kind: 'name'; name: string; context: 'load' | 'store' | 'param' };
export type NamespaceRef = At & { kind: 'nsref'; name: string; attribute: string };
export type Const = At & { kind: 'const'; value: Value };
export type TemplateData = At & { kind: 'data'; data: string };
export type TupleNode = At & { kind: 'tuple'; items: Expression[] };
export type ListNode = At & { kind: 'list'; items: Expression[] };
export type DictNode = At & { kind: 'dict'; keys: Expression[]; values: Expression[] };
export type CondExpr = At & {
  kind: 'cond';
  test: Expression;
  then: Expression;
  otherwise: Expression | undefined;
};
export type BinaryOperator = 'add' | 'sub' | 'mul' | 'div' | 'floordiv' | 'mod' | 'pow';
export type Binary = At & { kind: 'binary'; operator: BinaryOperator; left: Expression; right: Expression };
export type Logic = At & { kind: 'and' | 'or'; left: Expression; right: Expression };
export type Unary = At & { kind: 'not' | 'neg' | 'pos'; operand: Expression };
export type CompareOperator = 'eq' | 'ne' | 'lt' | 'lteq' | 'gt' | 'gteq' | 'in' | 'notin';
export type Compare = At & {
  kind: 'compare';
  first: Expression;
  rest: { operator: CompareOperator; operand: Expression }[];
};
export type Concat = At & { kind: 'concat'; parts: Expression[] };
export type Getattr = At & { kind: 'getattr'; object: Expression; attribute: string };
export type Getitem = At & { kind: 'getitem'; object: Expression; argument: Expression };
export type Slice = At & {
  kind: 'slice';
  start: Expression | undefined;
  stop: Expression | undefined;
  step: Expression | undefined;
};

export interface Arguments {
  args: Expression[];
  keywords: { name: string; value: Expression }[];
  dynArgs: Expression | undefined;
  dynKeywords: Expression | undefined;
}

export type Call = At & Arguments & { kind: 'call'; callee: Expression };
export type Filter = At & Arguments & { kind: 'filter'; operand: Expression | undefined; name: string };
export type Test = At & Arguments & { kind: 'test'; operand: Expression; name: string };

export type Expression =
  | Name
  | NamespaceRef
  | Const
  | TemplateData
  | TupleNode
  | ListNode
  | DictNode
  | CondExpr
  | Binary
  | Logic
  | Unary
  | Compare
  | Concat
  | Getattr
  | Getitem
  | Slice
  | Call
  | Filter
  | Test;

export type Output = At & { kind: 'output'; parts: Expression[] };
export type Extends = At & { kind: 'extends'; template: Expression };
export type For = At & {
  kind: 'for';
  target: Expression;
  iter: Expression;
  body: Statement[];
  otherwise: Statement[];
  test: Expression | undefined;
  recursive: boolean;
};
export type If = At & {
  kind: 'if';
  test: Expression;
  body: Statement[];
  elifs: If[];
  otherwise: Statement[];
};
export type Signature = { args: Name[]; defaults: Expression[] };
export type Macro = At & Signature & { kind: 'macro'; name: string; body: Statement[] };
export type CallBlock = At & Signature & { kind: 'callblock'; call: Call; body: Statement[] };
export type FilterBlock = At & { kind: 'filterblock'; filter: Filter; body: Statement[] };
export type With = At & { kind: 'with'; targets: Expression[]; values: Expression[]; body: Statement[] };
export type Block = At & {
  kind: 'block';
  name: string;
  body: Statement[];
  scoped: boolean;
  required: boolean;
};
export type Include = At & {
  kind: 'include';
  template: Expression;
  withContext: boolean;
  ignoreMissing: boolean;
};
export type Import = At & { kind: 'import'; template: Expression; target: string; withContext: boolean };
export type FromImport = At & {
  kind: 'fromimport';
  template: Expression;
  names: { name: string; alias: string }[];
  withContext: boolean;
};
export type Assign = At & { kind: 'assign'; target: Expression; value: Expression };
export type AssignBlock = At & {
  kind: 'assignblock';
  target: Expression;
  filter: Filter | undefined;
  body: Statement[];
};
export type Autoescape = At & { kind: 'autoescape'; value: Expression; body: Statement[] };
export type ExpressionStatement = At & { kind: 'do'; value: Expression };
export type LoopControl = At & { kind: 'break' | 'continue' };
export type Template = At & { kind: 'template'; body: Statement[] };

export type Statement =
  | Output
  | Extends
  | For
  | If
  | Macro
  | CallBlock
  | FilterBlock
  | With
  | Block
  | Include
  | Import
  | FromImport
  | Assign
  | AssignBlock
  | Autoescape
  | ExpressionStatement
  | LoopControl;

export type Node = Expression | Statement | Template;

type Child = Node | undefined;

function argumentNodes(node: Arguments): Child[] {
  return [...node.args, ...node.keywords.map((keyword) => keyword.value), node.dynArgs, node.dynKeywords];
}

/** The nodes directly below, in Jinja's order, which decides the order of its analysis of names. */
export function children(node: Node): Node[] {
  return childrenOrUndefined(node).filter((child) => child !== undefined);
}

function childrenOrUndefined(node: Node): Child[] {
  switch (node.kind) {
    case 'name':
    case 'nsref':
    case 'const':
    case 'data':
    case 'break':
    case 'continue':
      return [];
    case 'tuple':
    case 'list':
      return node.items;
    case 'dict':
      return node.keys.flatMap((key, index) => [key, node.values[index]]);
    case 'cond':
      return [node.test, node.then, node.otherwise];
    case 'binary':
    case 'and':
    case 'or':
      return [node.left, node.right];
    case 'not':
    case 'neg':
    case 'pos':
      return [node.operand];
    case 'compare':
      return [node.first, ...node.rest.map((part) => part.operand)];
    case 'concat':
    case 'output':
      return node.parts;
    case 'getattr':
      return [node.object];
    case 'getitem':
      return [node.object, node.argument];
    case 'slice':
      return [node.start, node.stop, node.step];
    case 'call':
      return [node.callee, ...argumentNodes(node)];
    case 'filter':
    case 'test':
      return [node.operand, ...argumentNodes(node)];
    default:
      return statementChildren(node);
  }
}

function statementChildren(node: Exclude<Statement, Output | LoopControl> | Template): Child[] {
  switch (node.kind) {
    case 'template':
    case 'block':
      return node.body;
    case 'extends':
    case 'include':
    case 'import':
    case 'fromimport':
      return [node.template];
    case 'for':
      return [node.target, node.iter, ...node.body, ...node.otherwise, node.test];
    case 'if':
      return [node.test, ...node.body, ...node.elifs, ...node.otherwise];
    case 'macro':
      return [...node.args, ...node.defaults, ...node.body];
    case 'callblock':
      return [node.call, ...node.args, ...node.defaults, ...node.body];
    case 'filterblock':
      return [...node.body, node.filter];
    case 'with':
      return [...node.targets, ...node.values, ...node.body];
    case 'assign':
      return [node.target, node.value];
    case 'assignblock':
      return [node.target, node.filter, ...node.body];
    case 'autoescape':
      return [node.value, ...node.body];
    case 'do':
      return [node.value];
  }
}

/** All nodes below, depth first. */
export function descendants(node: Node): Node[] {
  const found: Node[] = [];
  const collect = (parent: Node): void => {
    for (const child of children(parent)) {
      found.push(child);
      collect(child);
    }
  };
  collect(node);
  return found;
}
