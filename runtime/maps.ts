/**
 * Map contents -> MapDump: entries are read in one go, copies of all CPUs merged by the map's aggregation, sorted by
 * the rules of the language reference, 14.2, and cut and divided for print(@m, top, divisor). Sorting works on the bytes,
 * and an entry is decoded when it is printed. Also clear() and
 * zero().
 */
import type { MapPlan } from '../src/program/program.ts';
import { decode, type ValueHost } from '../src/types/decode.ts';
import { layoutTuple } from '../src/types/layout.ts';
import type { AggregateType, Type } from '../src/types/type.ts';
import type { MapDump, MapEntry, Value } from '../src/types/value.ts';
import type { BpfMap } from './bpf.ts';
import { type Column, integers, numbers, sortedRows, strings } from './sort-columns.ts';

/** The run-time part of an entry of the aggregation registry. */
export interface AggregationReader {
  /** The value over all CPUs: copy i is at `offset + i * stride`. */
  read(view: DataView, offset: number, stride: number, copies: number, type: AggregateType): Value;
  /** Sort key of the printed map. */
  order(value: Value): bigint;
  divide(value: Value, divisor: bigint): Value;
}

export interface MapReading {
  readonly values: ValueHost;
  readonly aggregation: (type: AggregateType) => AggregationReader;
}

export interface DumpOptions {
  /** Keep the largest entries only; 0 keeps all. */
  readonly top: number;
  /** Divide values; 0 and 1 leave them. */
  readonly divisor: bigint;
  /** A scalar that was never written: its zero value, or no dump at all. */
  readonly unset: 'zero' | 'omit';
}

/** Bytes of {u64 set} before the value of a scalar. */
const SET_BYTES = 8;
const SCALAR_KEY = new Uint8Array(4);

/** Undefined when there is nothing to print. */
export function dumpMap(plan: MapPlan, map: BpfMap, reading: MapReading, options: DumpOptions): MapDump | undefined {
  if (plan.shape === 'scalar') return dumpScalar(plan, map, reading, options);
  const entries = readEntries(plan, map, reading);
  if (entries.count === 0) return undefined;
  const rows = sorted(entries, plan, reading);
  const kept = options.top > 0 && options.top < rows.length ? rows.subarray(-options.top) : rows;
  return { name: plan.name, keyed: true, entries: { [Symbol.iterator]: () => decoded(kept) } };

  /** One entry at a time: to hold those of a large map, and to collect them as garbage, takes longer than all the rest. */
  function* decoded(wanted: Uint32Array): Generator<MapEntry> {
    for (const row of wanted) {
      const value = divide(entries.valueOf(row), plan.value, reading, options.divisor);
      yield { key: entries.keyOf(row), value };
    }
  }
}

function dumpScalar(plan: MapPlan, map: BpfMap, reading: MapReading, options: DumpOptions): MapDump | undefined {
  const bytes = map.lookup(SCALAR_KEY) ?? new Uint8Array(map.valueSize * map.copies);
  const view = viewOf(bytes);
  const copies = Array.from({ length: map.copies }, (_, i) => i * map.valueSize);
  const isUnset = copies.every((at) => view.getBigUint64(at, true) === 0n);
  if (options.unset === 'omit' && isUnset) return undefined;
  const value = readValue(view, SET_BYTES, map, plan.value, reading);
  // The zero of a histogram has no rows.
  if (isUnset && value.kind === 'histogram') return undefined;
  return {
    name: plan.name,
    keyed: false,
    entries: [{ key: undefined, value: divide(value, plan.value, reading, options.divisor) }],
  };
}

/** A keyed map loses its entries; a scalar becomes unset. */
export function clearMap(plan: MapPlan, map: BpfMap): void {
  if (plan.shape === 'scalar') {
    map.update(SCALAR_KEY, new Uint8Array(map.valueSize * map.copies));
    return;
  }
  const { count, keys } = map.entries();
  for (let i = 0; i < count; i++) map.delete(keys.subarray(i * map.keySize, (i + 1) * map.keySize));
}

/** Every entry there is becomes zero on all CPUs; a scalar stays set when it was. */
export function zeroMap(plan: MapPlan, map: BpfMap): void {
  const zero = new Uint8Array(map.valueSize * map.copies);
  if (plan.shape === 'scalar') {
    const before = map.lookup(SCALAR_KEY);
    for (let at = 0; before !== undefined && at < before.length; at += map.valueSize) {
      zero.set(before.subarray(at, at + SET_BYTES), at);
    }
    map.update(SCALAR_KEY, zero);
    return;
  }
  const { count, keys } = map.entries();
  for (let i = 0; i < count; i++) map.update(keys.subarray(i * map.keySize, (i + 1) * map.keySize), zero);
}

/** The bytes of all entries, and how to look at one of them. */
interface Entries {
  readonly count: number;
  readonly keys: DataView;
  readonly keySize: number;
  readonly values: DataView;
  /** Bytes of one value with all its copies. */
  readonly stride: number;
  keyOf(row: number): Value;
  valueOf(row: number): Value;
}

function readEntries(plan: MapPlan, map: BpfMap, reading: MapReading): Entries {
  const { count, keys, values } = map.entries();
  const keyType: Type = plan.key ?? { kind: 'none' };
  const keyView = viewOf(keys);
  const valueView = viewOf(values);
  const stride = map.valueSize * map.copies;
  return {
    count,
    keys: keyView,
    keySize: map.keySize,
    values: valueView,
    stride,
    keyOf: (row) => decode(keyView, row * map.keySize, keyType, reading.values),
    valueOf: (row) => readValue(valueView, row * stride, map, plan.value, reading),
  };
}

function readValue(view: DataView, offset: number, map: BpfMap, type: Type, reading: MapReading): Value {
  if (type.kind !== 'aggregate') return decode(view, offset, type, reading.values);
  return reading.aggregation(type).read(view, offset, map.valueSize, map.copies, type);
}

/** By value where values have an order, then by key, so that the result does not depend on the map's own order. */
function sorted(entries: Entries, plan: MapPlan, reading: MapReading): Uint32Array {
  const columns = [
    ...valueColumn(entries, plan.value, reading),
    ...keyColumns(entries, plan.key ?? { kind: 'none' }, 0),
  ];
  return sortedRows(entries.count, columns);
}

function valueColumn(entries: Entries, type: Type, reading: MapReading): readonly Column[] {
  const { count, values, stride } = entries;
  if (type.kind === 'int') return [integers({ count, view: values, stride, offset: 0 }, type.bytes, type.signed)];
  if (type.kind === 'aggregate') {
    const aggregation = reading.aggregation(type);
    return [numbers(count, (row) => aggregation.order(entries.valueOf(row)))];
  }
  if (type.kind !== 'enum') return [];
  return [numbers(count, (row) => integerOf(entries.valueOf(row)))];
}

/** Integers as signed numbers, strings by their bytes, tuples item by item; other types leave the map's order. */
function keyColumns(entries: Entries, type: Type, offset: number): readonly Column[] {
  const { count, keys, keySize } = entries;
  switch (type.kind) {
    case 'int':
      return [integers({ count, view: keys, stride: keySize, offset }, type.bytes, type.signed || type.bytes === 8)];
    case 'string':
      return [strings({ count, view: keys, stride: keySize, offset }, type.size)];
    case 'tuple': {
      const { offsets } = layoutTuple(type.items);
      return type.items.flatMap((item, i) => keyColumns(entries, item, offset + (offsets[i] ?? 0)));
    }
    default:
      return [];
  }
}

function integerOf(value: Value): bigint {
  return 'value' in value ? BigInt(value.value) : 0n;
}

function divide(value: Value, type: Type, reading: MapReading, divisor: bigint): Value {
  if (divisor === 0n || divisor === 1n) return value;
  if (type.kind === 'aggregate') return reading.aggregation(type).divide(value, divisor);
  return value.kind === 'int' ? { kind: 'int', value: value.value / divisor } : value;
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
