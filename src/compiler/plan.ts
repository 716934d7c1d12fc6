/**
 * Typed script -> tables: which BPF map stands behind each map of the script, and the lists that grow while C is
 * written (events, failure sites, strings, constant data). The choice of storage is made here and nowhere else.
 */
import { type Note, usesAround } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import { knownAggregation } from '../builtins/aggregations/index.ts';
import { cString } from '../c/writer.ts';
import type { Config } from '../config/options.ts';
import type { EventPlan, MapPlan, SiteKind, SitePlan, StackPlan } from '../program/program.ts';
import { alignUp, sizeOf } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { World } from '../world/world.ts';
import type { TypedMap, TypedScript } from './check.ts';

/** Bytes before the value of a scalar map: the word that says whether anything was stored. */
export const scalarHeader = 8;

export interface Tables {
  readonly maps: ReadonlyMap<string, MapPlan>;
  readonly events: EventPlan[];
  readonly sites: SitePlan[];
  /** Index in `sites` by kind and place. */
  readonly siteNumbers: Map<string, number>;
  readonly strings: string[];
  /** C definitions of constant byte tables by content. */
  readonly constants: Map<string, { readonly name: string; readonly definition: string }>;
  readonly headers: Set<string>;
  /** Each limit of frames that stacks have is a table of stacks. */
  readonly stackLimits: Set<number>;
  /** C declarations of the functions of imported objects that are called, by name. */
  readonly imports: Map<string, string>;
  /** Uses of the macros that what is being written was expanded from, innermost first. */
  expansions: readonly Note[];
  /** For `Program.boundedLoops`. */
  boundedLoops: number;
  /** For `Program.typedReads`. */
  typedReads: boolean;
}

export function planTables(typed: TypedScript, config: Config, world: World): Tables {
  const maps = new Map<string, MapPlan>();
  let sectionEnd = 0;
  for (const map of typed.maps) {
    const plan = planMap(map, config, sectionEnd, copiesInValue(map, world));
    maps.set(map.name, plan);
    if (plan.storage === 'data') sectionEnd = (plan.offset ?? 0) + alignUp(plan.valueSize, scalarAlignment);
  }
  return {
    maps,
    events: [],
    sites: [],
    siteNumbers: new Map(),
    strings: [],
    constants: new Map(),
    headers: new Set(),
    stackLimits: new Set(),
    imports: new Map(),
    expansions: [],
    boundedLoops: 0,
    typedReads: false,
  };
}

/** Places that `body` enters into the tables lie in the expansion of a macro. */
export function inExpansion<T>(tables: Tables, use: Note | undefined, body: () => T): T {
  const outer = tables.expansions;
  if (use !== undefined) tables.expansions = [use, ...outer];
  const result = body();
  tables.expansions = outer;
  return result;
}

/** For the plan of a place: the expansions that a message about it names. */
export function expansionsAt(tables: Tables, span: Span): { readonly expansions?: readonly Note[] } {
  const expansions = usesAround(span, tables.expansions);
  return expansions.length === 0 ? {} : { expansions };
}

/** The slot of a place that can fail; one place is one slot for each kind of failure and expansion. */
export function siteFor(tables: Tables, kind: SiteKind, span: Span, helper: string | undefined, map?: string): number {
  const uses = expansionsAt(tables, span);
  const key = [kind, span.start, span.end, ...(uses.expansions ?? []).map((use) => use.span.start)].join(' ');
  const known = tables.siteNumbers.get(key);
  if (known !== undefined) return known;
  const onlyWithK = kind === 'map-lookup' || kind === 'probe-read';
  const about = { ...(helper === undefined ? {} : { helper }), ...(map === undefined ? {} : { map }) };
  tables.sites.push({ kind, onlyWithK, span, ...about, ...uses });
  tables.siteNumbers.set(key, tables.sites.length - 1);
  return tables.sites.length - 1;
}

/** The slot for hits that a program leaves out because another one of the script runs on that CPU. */
export function nestedSite(tables: Tables, span: Span, program: string): number {
  return tables.sites.push({ kind: 'nested', onlyWithK: true, span, program }) - 1;
}

/** Constant bytes at file scope, aligned to 8; returns the C name of a `u8` array. */
export function constantFor(tables: Tables, bytes: string): string {
  let entry = tables.constants.get(bytes);
  if (entry === undefined) {
    const name = `eb_constant_${tables.constants.size + 1}`;
    const definition = `static const u8 ${name}[${bytes.length}] SEC(".rodata.tables") __attribute__((aligned(8))) = ${cString(bytes)};`;
    entry = { name, definition };
    tables.constants.set(bytes, entry);
  }
  return entry.name;
}

export function stringFor(tables: Tables, text: string): number {
  const found = tables.strings.indexOf(text);
  return found >= 0 ? found : tables.strings.push(text) - 1;
}

/**
 * All scalar maps are members of one C variable in one data section, which is one BPF map: a program may use 64. Each
 * has a cache line of its own, so that CPUs that store to different ones do not wait for each other.
 */
export const scalarsVariable = 'eb_scalars';
export const scalarAlignment = 64;

/** C expression of a map with storage `data`. */
export function dataVariable(plan: MapPlan): string {
  return `${scalarsVariable}.${plan.symbol}`;
}

/** Bytes of one value, as the program sees it. */
export function valueBytes(type: Type): number {
  return type.kind === 'aggregate' ? knownAggregation(type.by).size(type) : sizeOf(type);
}

/** How many values, of all CPUs, one value of the map holds; undefined when the kernel keeps them or there is but one. */
function copiesInValue(map: TypedMap, world: World): number | undefined {
  const isSpread = map.isFolded && map.value.kind === 'aggregate' && !world.features.mapLookupPercpu;
  return isSpread ? world.possibleCpus() : undefined;
}

const spreadStorages = {
  hash: 'hash',
  'percpu-hash': 'hash',
  'lru-hash': 'lru-hash',
  'lru-percpu-hash': 'lru-hash',
} as const;

/** `sectionEnd`: bytes that scalar maps before this one take in their section. */
function planMap(map: TypedMap, config: Config, sectionEnd: number, spreadOver: number | undefined): MapPlan {
  const symbol = `map_${map.name.slice(1)}`;
  const perCpu = map.value.kind === 'aggregate';
  const spread = spreadOver === undefined ? {} : { spreadOver };
  const bytes = valueBytes(map.value);
  if (map.key === undefined) {
    return {
      name: map.name,
      symbol,
      shape: 'scalar',
      storage: spreadOver !== undefined ? 'array' : perCpu ? 'percpu-array' : 'data',
      key: undefined,
      value: map.value,
      keySize: 4,
      valueSize: scalarHeader + alignUp(bytes, 8),
      maxEntries: 1,
      ...(perCpu ? {} : { offset: sectionEnd }),
      ...spread,
    };
  }
  const storage = map.declared?.storage ?? (perCpu ? 'percpu-hash' : 'hash');
  return {
    name: map.name,
    symbol,
    shape: 'keyed',
    storage: spreadOver === undefined ? storage : spreadStorages[storage],
    ...spread,
    key: map.key,
    value: map.value,
    keySize: Math.max(1, sizeOf(map.key)),
    valueSize: Math.max(1, bytes),
    maxEntries: map.declared?.maxEntries ?? config.max_map_keys,
  };
}

/** Preallocated maps larger than this many bytes get their entries when they are needed. */
const preallocationBudget = 64 * 1024 * 1024;

/**
 * The tables of stacks; each holds as many as a map has keys, within the memory that maps may take beforehand. That is
 * enough, because user space empties them when they are half full.
 */
export function planStacks(tables: Tables, config: Config): readonly StackPlan[] {
  return [...tables.stackLimits]
    .sort((a, b) => a - b)
    .map((limit) => {
      const most = Math.floor(preallocationBudget / (limit * 8));
      const maxEntries = Math.min(most, Math.max(fewestStacks, config.max_map_keys));
      return { limit, symbol: `eb_stacks_${limit}`, maxEntries };
    });
}

const fewestStacks = 1024;

/**
 * True when the map allocates its entries on demand (BPF_F_NO_PREALLOC): large dense histograms per CPU would otherwise
 * take memory for keys that never come. LRU maps have no such mode.
 */
export function allocatesOnDemand(plan: MapPlan, cpus: number): boolean {
  if (plan.storage !== 'percpu-hash' && plan.storage !== 'hash') return false;
  const copies = plan.storage === 'percpu-hash' ? cpus : (plan.spreadOver ?? 1);
  return plan.maxEntries * (plan.keySize + alignUp(plan.valueSize, 8) * copies) > preallocationBudget;
}
