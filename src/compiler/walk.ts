/** Looking through an AST for what its shape alone can tell, before and beside typing. */

export interface AnyNode {
  readonly kind: string;
}

/**
 * The first node below `root` (itself included) that passes the test. Children are found by looking: any object below a
 * node may hold more nodes, and only spans cannot.
 */
export function anyNode(root: unknown, test: (node: AnyNode) => boolean): AnyNode | undefined {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) continue;
    if (isNode(value) && test(value)) return value;
    waiting.push(...Object.values(value));
  }
  return undefined;
}

function isNode(value: object): value is AnyNode {
  return 'kind' in value && typeof value.kind === 'string';
}
