/** Typed uses of maps -> C: keys, reads, stores, aggregations. */
import type { Span } from '../../grammar/source.ts';
import { knownAggregation } from '../builtins/aggregations/index.ts';
import type { CValue, Place } from '../builtins/builtin.ts';
import { scalarCType } from '../c/c-type.ts';
import type { MapPlan } from '../program/program.ts';
import { sizeOf } from '../types/layout.ts';
import type { AggregateRead, AssignTarget, MapAggregate, MapRead, TypedExpr } from '../types/typed-tree.ts';
import type { FunctionEmitter } from './emit-context.ts';
import { memory } from './emit-context.ts';
import { dataVariable, scalarHeader, siteFor } from './plan.ts';

/** From so many places that can fail on, uses of maps are calls of map-calls.h. */
const mostInPlace = 200;

function hasManyUses(f: FunctionEmitter): boolean {
  return f.program.tables.sites.length >= mostInPlace;
}

/** A call of one of the functions of map-calls.h for the type of the key. */
function callFor(
  f: FunctionEmitter,
  name: 'find' | 'entry' | 'store',
  map: string,
  key: TypedExpr,
  more: readonly string[],
  value?: string,
): string {
  f.include('map-calls.h');
  const cType = scalarCType(key.type);
  const address = f.mapKey(key);
  const byValue = cType?.replace('s', 'u');
  const argument = cType === undefined ? address : `*(${cType} *)${address}`;
  const suffix = value === undefined ? '' : `_${value}`;
  return `eb_${name}_${byValue ?? 'bytes'}${suffix}(${[`&${map}`, argument, ...more].join(', ')})`;
}

/** With -k reading what is not there is told; it gives zero all the same. */
export function countMissing(f: FunctionEmitter, isMissing: string, read: Pick<MapRead, 'span'>, helper: string): void {
  if (!f.program.reportReads) return;
  f.c.line(`if (${isMissing})`);
  f.c.line(`\t${f.countFailure('map-lookup', read.span, '0', helper)}`);
}

/** Bytes of the key in memory; returns a C pointer expression. */
export function emitKey(f: FunctionEmitter, key: TypedExpr): string {
  const cType = scalarCType(key.type);
  if (cType !== undefined) return `&${f.temporary(cType, f.value(key).c)}`;
  const value = f.value(key);
  return value.c;
}

/** `u8 *` variable with the entry of a scalar map; NULL is possible for per-CPU arrays only. */
export function emitScalarSlot(f: FunctionEmitter, map: string): string {
  const plan = f.map(map);
  if (plan.storage === 'data') return f.temporary('u8 *', `(u8 *)&${dataVariable(plan)}`);
  const zero = f.temporary('u32', '0');
  return ownCopy(f, plan, f.temporary('u8 *', `bpf_map_lookup_elem(&${plan.symbol}, &${zero})`));
}

/** Of an entry that may be NULL: the value of this CPU where all of them lie in one value of the map. */
function ownCopy(f: FunctionEmitter, plan: MapPlan, slot: string): string {
  if (plan.spreadOver === undefined) return slot;
  f.include('maps.h');
  return f.temporary('u8 *', `EB_OWN_COPY(${slot}, ${plan.valueSize}, ${plan.spreadOver})`);
}

export function emitMapRead(f: FunctionEmitter, read: MapRead, into: Place | undefined): CValue {
  const cType = scalarCType(read.type);
  if (read.key === undefined) return readScalar(f, read, into);
  const { symbol } = f.map(read.map);
  const slot = f.temporary(
    'u8 *',
    hasManyUses(f)
      ? callFor(f, 'find', symbol, read.key, [])
      : `bpf_map_lookup_elem(&${symbol}, ${f.mapKey(read.key)})`,
  );
  countMissing(f, `!${slot}`, read, 'map_lookup_elem');
  if (cType !== undefined) {
    const value = f.temporary(cType, '0');
    f.c.line(`if (${slot})`);
    f.c.line(`\t${value} = *(${cType} *)${slot};`);
    return { type: read.type, in: 'register', c: value };
  }
  // A missing key reads as zeroes. The bytes are copied: the map may change before they are used.
  const size = sizeOf(read.type);
  const place = into ?? f.allocate(size);
  f.c.ifElse(
    slot,
    () => f.copy(place, { type: read.type, in: 'memory', c: slot, align: 8 }, size),
    () => f.zero(place, size),
  );
  return memory(read.type, place);
}

/** Memory that was never stored to is zero. */
function readScalar(f: FunctionEmitter, read: MapRead, into: Place | undefined): CValue {
  const cType = scalarCType(read.type);
  const slot = `((u8 *)&${dataVariable(f.map(read.map))})`;
  const value: Place = { c: `(${slot} + ${scalarHeader})`, align: 8 };
  countMissing(f, `!*(u64 *)${slot}`, read, 'map_lookup_elem');
  if (cType !== undefined) return { type: read.type, in: 'register', c: f.temporary(cType, `*(${cType} *)${value.c}`) };
  const size = sizeOf(read.type);
  const place = into ?? f.allocate(size);
  f.copy(place, memory(read.type, value), size);
  return memory(read.type, place);
}

/** Store a value that is already computed. */
export function emitMapStore(f: FunctionEmitter, target: AssignTarget & { kind: 'map' }, value: CValue): void {
  const plan = f.map(target.map);
  const cType = scalarCType(value.type);
  if (target.key === undefined) {
    const slot = `((u8 *)&${dataVariable(plan)})`;
    f.storeValue(value, { c: `(${slot} + ${scalarHeader})`, align: 8 });
    f.c.line(`*(u64 *)${slot} = 1;`);
    return;
  }
  if (cType === undefined) {
    update(f, plan, f.mapKey(target.key), value.c, target.span);
    return;
  }
  // Before the key, whose evaluation may change what the value is read from: `@m[$i++] = $i`.
  const stored = f.temporary(cType, value.c);
  if (hasManyUses(f)) {
    const site = refusalSite(f, plan, target.span);
    f.c.line(`${callFor(f, `store`, plan.symbol, target.key, [stored, `${site}`], cType.replace('s', 'u'))};`);
    return;
  }
  const key = f.mapKey(target.key);
  const slot = f.temporary('u8 *', `bpf_map_lookup_elem(&${plan.symbol}, ${key})`);
  f.c.ifElse(
    slot,
    () => f.c.line(`*(${cType} *)${slot} = ${stored};`),
    () => update(f, plan, key, `&${stored}`, target.span),
  );
}

function update(f: FunctionEmitter, plan: MapPlan, key: string, value: string, span: Span): void {
  const result = f.temporary('long', `bpf_map_update_elem(&${plan.symbol}, ${key}, ${value}, BPF_ANY)`);
  f.c.line(`if (${result})`);
  f.c.line(`\teb_fail(${refusalSite(f, plan, span)}, ${result});`);
}

/** Where an update of the map is counted that the kernel refused. */
function refusalSite(f: FunctionEmitter, plan: MapPlan, span: Span): number {
  return siteFor(f.program.tables, 'map-full', span, 'map_update_elem', plan.name);
}

/** `@m[k] = count()`: find or make the entry of this CPU and update it in place. */
export function emitAggregate(f: FunctionEmitter, statement: MapAggregate): void {
  const plan = f.map(statement.map);
  const rule = knownAggregation(statement.aggregate.by);
  const args = statement.args.map((arg) => f.temporary(statement.aggregate.signed ? 's64' : 'u64', f.value(arg).c));
  if (statement.key === undefined) {
    const slot = emitScalarSlot(f, statement.map);
    f.c.block(`if (${slot})`, () => {
      f.c.line(`*(u64 *)${slot} = 1;`);
      rule.update(f, `${slot} + ${scalarHeader}`, args, statement.aggregate);
    });
    return;
  }
  const zeroes = f.constantBytes('\0'.repeat(plan.valueSize * (plan.spreadOver ?? 1)));
  if (hasManyUses(f)) {
    const site = refusalSite(f, plan, statement.span);
    const found = f.temporary('u8 *', callFor(f, 'entry', plan.symbol, statement.key, [zeroes, `${site}`]));
    const entry = ownCopy(f, plan, found);
    f.c.block(`if (${entry})`, () => rule.update(f, entry, args, statement.aggregate));
    return;
  }
  const key = f.mapKey(statement.key);
  const slot = f.temporary('u8 *', `bpf_map_lookup_elem(&${plan.symbol}, ${key})`);
  f.c.block(`if (UNLIKELY(!${slot}))`, () => {
    // Another CPU may be first: then this fails with EEXIST and the second lookup finds the entry.
    const result = f.temporary('long', `bpf_map_update_elem(&${plan.symbol}, ${key}, ${zeroes}, BPF_NOEXIST)`);
    f.c.line(`${slot} = bpf_map_lookup_elem(&${plan.symbol}, ${key});`);
    f.c.line(`if (!${slot})`);
    f.c.line(`\teb_fail(${refusalSite(f, plan, statement.span)}, ${result});`);
  });
  const own = ownCopy(f, plan, slot);
  f.c.block(`if (${own})`, () => rule.update(f, own, args, statement.aggregate));
}

/** A castable aggregation read as a number: folded over the copies of all CPUs. */
export function emitAggregateRead(f: FunctionEmitter, read: AggregateRead): CValue {
  const zero = read.key === undefined ? f.temporary('u32', '0') : undefined;
  const key = read.key === undefined ? `&${zero}` : f.mapKey(read.key);
  if (read.key !== undefined && f.program.reportReads) {
    const slot = f.temporary('u8 *', `bpf_map_lookup_elem(&${f.map(read.map).symbol}, ${key})`);
    countMissing(f, `!${slot}`, read, 'map_lookup_percpu_elem');
  }
  return { type: read.type, in: 'register', c: foldOverCpus(f, read, key) };
}

export function foldOverCpus(
  f: FunctionEmitter,
  read: Pick<AggregateRead, 'map' | 'aggregate' | 'key'>,
  key: string,
): string {
  const plan = f.map(read.map);
  const rule = knownAggregation(read.aggregate.by);
  if (rule.fold === undefined) throw new Error(`${rule.name}() is not castable`);
  const { fold } = rule;
  f.include('math.h');
  const accumulators = fold.accumulators.map((cType) => f.temporary(cType, '0'));
  const cpu = f.c.name('i');
  const all =
    plan.spreadOver === undefined ? undefined : f.temporary('u8 *', `bpf_map_lookup_elem(&${plan.symbol}, ${key})`);
  f.c.line('#pragma clang loop unroll(disable)');
  if (all !== undefined) {
    f.c.block(`for (u64 ${cpu} = 0; ${all} && ${cpu} < ${plan.spreadOver}; ${cpu}++)`, () => {
      // Or the optimiser counts with pointers, whose comparison tells the verifier nothing.
      f.c.line(`HIDE(${cpu});`);
      const offset = plan.shape === 'scalar' ? ` + ${scalarHeader}` : '';
      f.c.lines(fold.step(`(${all} + ${cpu} * ${plan.valueSize}${offset})`, accumulators, read.aggregate));
    });
  } else
    f.c.block(`for (u32 ${cpu} = 0; ${cpu} < eb_params.ncpus; ${cpu}++)`, () => {
      const slot = f.temporary('u8 *', `bpf_map_lookup_percpu_elem(&${plan.symbol}, ${key}, ${cpu})`);
      f.c.line(`if (!${slot})`);
      f.c.line('\tbreak;');
      const value = plan.shape === 'scalar' ? `(${slot} + ${scalarHeader})` : slot;
      f.c.lines(fold.step(value, accumulators, read.aggregate));
    });
  return f.temporary(read.aggregate.signed ? 's64' : 'u64', fold.result(accumulators, read.aggregate));
}
