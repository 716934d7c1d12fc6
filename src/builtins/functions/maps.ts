/** Functions on maps. */
import type { Block, Call, Expr, Statement, Variable } from '../../../grammar/ast.ts';
import type { Report } from '../../../grammar/diagnostic.ts';
import type { Action } from '../../program/action.ts';
import { boolType, errorType, int64, noneType } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import type { Builtin, CallSite, CValue, Emit } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { describe } from './arguments.ts';

export const mapFunctions: readonly Builtin[] = [
  wholeMap(
    'clear',
    (map) => ({ kind: 'clear-map', map }),
    'Delete all keys of a map.',
    'interval:s:1 { print(@); clear(@); } tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }',
  ),
  wholeMap(
    'zero',
    (map) => ({ kind: 'zero-map', map }),
    'Set all values of a map to zero and keep its keys.',
    'interval:s:1 { print(@); zero(@); } tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }',
  ),
  defineFunction({
    name: 'delete',
    signature: 'delete(@map, key)',
    doc: {
      summary: 'Delete a key; true when it was there. A map without keys is deleted as delete(@map).',
      example:
        'tracepoint:syscalls:sys_exit_read { delete(@start, tid); } tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; }',
    },
    arity: [1, 3],
    mapKey: 'optional',
    check: () => boolType,
    emit(emit, call) {
      const [map, key] = call.args;
      const name = mapName(map);
      const plan = emit.map(name);
      const done = emit.temporary('u8', '0');
      if (key === undefined) {
        const slot = emit.scalarSlot(name);
        emit.c.block(`if (${slot})`, () => {
          emit.c.line(`${done} = *(u64 *)${slot} != 0;`);
          emit.zero({ c: slot, align: 8 }, plan.valueSize);
        });
      } else {
        const at = emit.mapKey(key);
        emit.c.line(`${done} = bpf_map_delete_elem(&${plan.symbol}, ${at}) == 0;`);
        if (call.resultUnused) {
          emit.c.line(`if (!${done})`);
          emit.c.line(`\t${emit.countFailure('map-delete', call.span, '-2', 'map_delete_elem')}`);
        }
      }
      return { type: boolType, in: 'register', c: done };
    },
  }),
  defineFunction({
    name: 'has_key',
    signature: 'has_key(@map, key)',
    doc: {
      summary: 'True when the map has the key.',
      example:
        'tracepoint:syscalls:sys_exit_read /has_key(@start, tid)/ { @ns = hist(nsecs - @start[tid]); } tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; }',
    },
    arity: [1, 3],
    mapKey: 'required',
    check: () => boolType,
    emit(emit, call) {
      const [map, key] = call.args;
      if (key === undefined) throw new Error('has_key without key');
      const at = emit.mapKey(key);
      const found = emit.temporary('u8', `bpf_map_lookup_elem(&${emit.map(mapName(map)).symbol}, ${at}) != 0`);
      return { type: boolType, in: 'register', c: found };
    },
  }),
  defineFunction({
    name: 'len',
    signature: 'len(@map)',
    doc: {
      summary: 'Number of keys of a map, or of frames of a stack.',
      example: 'interval:s:1 { printf("%d\\n", len(@)); } tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }',
    },
    arity: [1, 1],
    mapArguments: [0],
    check: (call) => (call.args[0]?.type.kind === 'stack' || (keyedMap(call) && canCount(call)) ? int64 : errorType),
    emit: emitLength,
  }),
  defineFunction({
    name: 'is_scalar',
    signature: 'is_scalar(@map)',
    doc: {
      summary: 'True when the map has no keys; known when the script is compiled.',
      example: 'begin { @n = 1; if comptime is_scalar(@n) { print(@n); } }',
    },
    arity: [1, 1],
    mapArguments: [0],
    check(call) {
      const [map] = call.args;
      if (map?.kind === 'map-reference') return { constant: !map.keyed, type: boolType };
      if (map !== undefined)
        call.report.error('is-scalar-of', map.span, `is_scalar() is asked about a map, and this is ${describe(map)}`);
      return errorType;
    },
  }),
  defineFunction({
    name: 'find',
    signature: 'find(@map, key, $variable)',
    doc: {
      summary: 'True when the map has the key; then the variable, which must exist, is set to its value.',
      example: 'begin { @m["a"] = 5; let $v; if (find(@m, "a", $v)) { print($v); } }',
    },
    arity: [3, 3],
    check: () => boolType,
    rewrite: rewriteFind,
  }),
];

/** Cannot be written in a script. */
const keptKey = '0key';

/** `{ _ = sizeof($v); let $k = key; if (has_key(@m, $k)) { $v = @m[$k]; true } else { false } }`; asking for its size, the variable must exist. */
function rewriteFind({ args, span, nameSpan }: Call, report: Report): Expr | undefined {
  const [map, key, variable] = args;
  if (map?.kind !== 'map' || key === undefined || variable?.kind !== 'variable') {
    report.error('find-arguments', span, 'find() takes a map, a key and a variable for the value', {
      hint: 'it is written find(@map, key, $variable); several keys are one tuple: (a, b)',
    });
    return undefined;
  }
  const kept: Variable = { kind: 'variable', name: keptKey, span: key.span };
  const literal = (value: boolean): Expr => ({ kind: 'boolean', value, span });
  const element: Expr = { kind: 'map-element', name: map.name, nameSpan: map.span, keys: [kept], span: map.span };
  const hasKey: Expr = { kind: 'call', name: 'has_key', nameSpan, args: [map, kept], span };
  const block = (statements: readonly Statement[], value: Expr): Block => ({ kind: 'block', statements, value, span });
  const found = block([{ kind: 'assign', operator: '=', target: variable, value: element, span }], literal(true));
  const choice: Expr = { kind: 'if', condition: hasKey, then: found, otherwise: block([], literal(false)), span };
  const exists: Expr = { kind: 'type-query', query: 'sizeof', operand: variable, path: [], span: variable.span };
  const look: Statement = { kind: 'discard', value: exists, span: variable.span };
  const keep: Statement = { kind: 'let', variable: kept, type: undefined, value: key, span: key.span };
  return { kind: 'block-expression', block: block([look, keep], choice), span };
}

function emitLength(emit: Emit, call: { readonly args: readonly TypedExpr[] }): CValue {
  const [counted] = call.args;
  if (counted?.type.kind === 'stack') {
    emit.include('stacks.h');
    return { type: int64, in: 'register', c: `(s64)(${emit.value(counted).c} & EB_COUNT_BITS)` };
  }
  emit.include('maps.h');
  const count = emit.temporary('u64', 'eb_unknown_zero');
  emit.c.line(`bpf_for_each_map_elem(&${emit.map(mapName(call.args[0])).symbol}, eb_count_element, &${count}, 0);`);
  return { type: int64, in: 'register', c: `(s64)${count}` };
}

function canCount({ world, report, span }: CallSite): boolean {
  if (world.features.forEachMapElem) return true;
  report.error('len-kernel', span, 'this kernel cannot count the keys of a map', {
    hint: 'len(@map) needs bpf_for_each_map_elem (Linux 5.13); count in a map of its own: @n++ where a key is new',
  });
  return false;
}

function keyedMap(call: CallSite): boolean {
  const [map] = call.args;
  if (map?.kind === 'map-reference' && map.keyed) return true;
  if (map !== undefined) {
    call.report.error(
      'needs-keyed-map',
      map.span,
      `${call.name}() needs a map with keys, and this is ${map.kind === 'map-reference' ? `${map.map}, which has none` : describe(map)}`,
    );
  }
  return false;
}

function wholeMap(name: string, act: (map: string) => Action, summary: string, example: string): Builtin {
  return defineFunction({
    name,
    signature: `${name}(@map)`,
    doc: { summary, example },
    arity: [1, 1],
    mapArguments: [0],
    check(call) {
      const [map] = call.args;
      if (map?.kind === 'map-reference') return noneType;
      if (map !== undefined)
        call.report.error('needs-whole-map', map.span, `${name}() works on a whole map, and this is ${describe(map)}`);
      return errorType;
    },
    event: (call) => ({ values: [], literals: [mapName(call.args[0])] }),
    handler(plan) {
      const action = act(String(plan.literals[0]));
      return () => action;
    },
  });
}

function mapName(arg: TypedExpr | undefined): string {
  if (arg?.kind === 'map-reference') return arg.map;
  throw new Error('the checker lets maps through only');
}
