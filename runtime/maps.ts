/**
 * Map contents -> MapDump: entries are read in one go, copies of all CPUs merged by the map's aggregation, sorted by
 * the rules of the language reference, 14.2, and cut and divided for print(@m, top, divisor). Also clear() and
 * zero().
 */
import type { MapPlan } from '../src/program/program.ts';
import { decode, type ValueHost } from '../src/types/decode.ts';
import type { AggregateType, Type } from '../src/types/type.ts';
import type { MapDump, MapEntry, Value } from '../src/types/value.ts';
import type { BpfMap, MapEntries } from './bpf.ts';
import { byNumber, type Column, column, sortedRows } from './sort-columns.ts';

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
  const entries = sorted(decodeEntries(plan, map, reading), plan, reading);
  const kept = options.top > 0 && options.top < entries.length ? entries.slice(-options.top) : entries;
  if (kept.length === 0) return undefined;
  return { name: plan.name, keyed: true, entries: divided(kept, plan.value, reading, options.divisor) };
}

function dumpScalar(plan: MapPlan, map: BpfMap, reading: MapReading, options: DumpOptions): MapDump | undefined {
  const bytes = map.lookup(SCALAR_KEY) ?? new Uint8Array(map.valueSize * map.copies);
  const view = viewOf(bytes);
  const copies = Array.from({ length: map.copies }, (_, i) => i * map.valueSize);
  if (options.unset === 'omit' && copies.every((at) => view.getBigUint64(at, true) === 0n)) return undefined;
  const value = readValue(view, SET_BYTES, map, plan.value, reading);
  return {
    name: plan.name,
    keyed: false,
    entries: divided([{ key: undefined, value }], plan.value, reading, options.divisor),
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

function decodeEntries(plan: MapPlan, map: BpfMap, reading: MapReading): readonly MapEntry[] {
  const { count, keys, values }: MapEntries = map.entries();
  const keyType: Type = plan.key ?? { kind: 'none' };
  const keyView = viewOf(keys);
  const valueView = viewOf(values);
  const stride = map.valueSize * map.copies;
  return Array.from({ length: count }, (_, i) => ({
    key: decode(keyView, i * map.keySize, keyType, reading.values),
    value: readValue(valueView, i * stride, map, plan.value, reading),
  }));
}

function readValue(view: DataView, offset: number, map: BpfMap, type: Type, reading: MapReading): Value {
  if (type.kind !== 'aggregate') return decode(view, offset, type, reading.values);
  return reading.aggregation(type).read(view, offset, map.valueSize, map.copies, type);
}

/** By value where values have an order, then by key, so that the result does not depend on the map's own order. */
function sorted(entries: readonly MapEntry[], plan: MapPlan, reading: MapReading): readonly MapEntry[] {
  const columns = [
    ...valueColumn(entries, plan.value, reading),
    ...keyColumns(
      entries.map(({ key }) => key ?? { kind: 'none' }),
      plan.key ?? { kind: 'none' },
    ),
  ];
  if (columns.length === 0) return entries;
  return Array.from(sortedRows(entries.length, columns), (row) => entries[row]).filter((entry) => entry !== undefined);
}

function valueColumn(entries: readonly MapEntry[], type: Type, reading: MapReading): readonly Column[] {
  if (type.kind === 'aggregate') {
    const aggregation = reading.aggregation(type);
    return [byNumber(entries.map(({ value }) => aggregation.order(value)))];
  }
  if (type.kind !== 'int' && type.kind !== 'enum') return [];
  return [byNumber(entries.map(({ value }) => ('value' in value ? BigInt(value.value) : 0n)))];
}

/** Integers as signed numbers, strings by their bytes, tuples item by item; other types leave the map's order. */
function keyColumns(keys: readonly Value[], type: Type): readonly Column[] {
  switch (type.kind) {
    case 'int':
    case 'string':
      return [column(keys)];
    case 'tuple':
      return type.items.flatMap((item, i) =>
        keyColumns(
          keys.map((key) => (key.kind === 'tuple' ? (key.items[i] ?? { kind: 'none' }) : { kind: 'none' })),
          item,
        ),
      );
    default:
      return [];
  }
}

function divided(entries: readonly MapEntry[], type: Type, reading: MapReading, divisor: bigint): readonly MapEntry[] {
  if (divisor === 0n || divisor === 1n) return entries;
  if (type.kind === 'aggregate') {
    const aggregation = reading.aggregation(type);
    return entries.map(({ key, value }) => ({ key, value: aggregation.divide(value, divisor) }));
  }
  return entries.map(({ key, value }) => ({
    key,
    value: value.kind === 'int' ? { kind: 'int', value: value.value / divisor } : value,
  }));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
