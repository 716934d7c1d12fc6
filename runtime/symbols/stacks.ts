/**
 * The frames behind the numbers of stacks. Programs keep each stack once, in a table of limited size
 * (bpf-helpers/stacks.h). What is looked up here is remembered, and a table that becomes half full is emptied into the
 * same memory: the number of a stack follows from its frames, so a program that meets it again stores it again under
 * the same number. So nothing is lost that was counted, however long a script runs.
 */
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { StackPlan } from '../../src/program/program.ts';
import type { BpfMap, LoadedObject } from '../bpf.ts';

export interface StackStore {
  /** Called once, when the programs are loaded. */
  connect(object: Pick<LoadedObject, 'map' | 'sharedWords'>): void;
  /** Frames of the stack of this number, innermost first; undefined when no table knows it. */
  framesOf(limit: number, id: bigint): readonly bigint[] | undefined;
  /** Called again and again while programs run: empties tables in time. */
  makeRoom(): void;
}

/** `symbol`s of `plans` are the tables. The counter of stored stacks is the first word of its section. */
export function stackStore(plans: readonly StackPlan[], report?: (diagnostic: Diagnostic) => void): StackStore {
  const known = new Map(plans.map(({ limit }) => [limit, new Map<bigint, readonly bigint[]>()]));
  const smallest = Math.min(...plans.map((plan) => plan.maxEntries));
  let maps = new Map<number, BpfMap>();
  let counter: Uint32Array | undefined;
  let storedBefore = 0;

  const empty = (limit: number, map: BpfMap): void => {
    const { count, keys, values } = map.entries();
    const keyView = viewOf(keys);
    const valueView = viewOf(values);
    const remembered = known.get(limit);
    for (let i = 0; i < count; i++) {
      const id = keyView.getBigUint64(i * map.keySize, true);
      const frames = framesAt(valueView, i * map.valueSize, id);
      // Programs compare stacks with those in the table only.
      if (remembered?.get(id)?.some((frame, at) => frame !== frames[at])) report?.(sameNumber);
      remembered?.set(id, frames);
      map.delete(keys.subarray(i * map.keySize, (i + 1) * map.keySize));
    }
  };

  return {
    connect: (object) => {
      if (plans.length === 0) return;
      maps = new Map(plans.map(({ limit, symbol }) => [limit, object.map(symbol)]));
      counter = object.sharedWords(COUNTER_SECTION);
    },
    framesOf: (limit, id) => {
      const remembered = known.get(limit);
      const frames = remembered?.get(id);
      if (frames !== undefined) return frames;
      const key = new Uint8Array(8);
      viewOf(key).setBigUint64(0, id, true);
      const bytes = maps.get(limit)?.lookup(key);
      if (bytes === undefined) return undefined;
      const found = framesAt(viewOf(bytes), 0, id);
      remembered?.set(id, found);
      return found;
    },
    makeRoom: () => {
      const stored = counter?.[0] ?? 0;
      if ((stored - storedBefore) >>> 0 < smallest / 2) return;
      storedBefore = stored;
      for (const [limit, map] of maps) empty(limit, map);
    },
  };
}

const sameNumber: Diagnostic = {
  severity: 'warning',
  code: 'stack-number-twice',
  message: 'Two different stacks have the same hash, so one of them is printed and counted as the other.',
};

const COUNTER_SECTION = '.data.eb_stacks';

/** EB_COUNT_BITS of bpf-helpers/stacks.h: the number of a stack ends with the number of its frames. */
const COUNT_BITS = 0x7ffn;

function framesAt(view: DataView, offset: number, id: bigint): readonly bigint[] {
  return Array.from({ length: Number(id & COUNT_BITS) }, (_, i) => view.getBigUint64(offset + i * 8, true));
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
