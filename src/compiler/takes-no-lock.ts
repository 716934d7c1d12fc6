/**
 * Does a predicate only ask? Then it may run while another body on that CPU holds the lock of a map or of the ring, and what it
 * rejects need not count as left out (bpf-helpers/nesting.h). In doubt the answer is no.
 */
import type { TypedExpr } from '../types/typed-tree.ts';

export function takesNoLock(expr: TypedExpr): boolean {
  switch (expr.kind) {
    case 'constant':
    case 'variable':
    case 'args-field':
      return true;
    case 'map-read': // Maps are looked up without a lock.
      return expr.key === undefined || takesNoLock(expr.key);
    case 'call': // A stack is kept in a map.
      return expr.args.length === 0 && expr.type.kind !== 'stack';
    case 'convert':
    case 'unary':
      return takesNoLock(expr.operand);
    case 'member':
      return takesNoLock(expr.object);
    case 'binary':
    case 'logical':
      return takesNoLock(expr.left) && takesNoLock(expr.right);
    case 'dereference':
      return takesNoLock(expr.pointer) && expr.indices.every(({ index }) => takesNoLock(index));
    default:
      return false;
  }
}
