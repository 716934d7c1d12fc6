/**
 * Typed script -> Program (without object): one C function per matched program, with the guard, the dispatch on its
 * targets and the body, and around them maps, constants and callbacks.
 */
import type { SourceText, Span } from '../../grammar/source.ts';
import { CWriter, cString } from '../c/writer.ts';
import type { Config } from '../config/options.ts';
import { outlivesRun } from '../probes/iter.ts';
import type { ProgramShape, TargetSelection } from '../probes/probe-kind.ts';
import type { MapPlan, ProbePlan, Program } from '../program/program.ts';
import { archTable } from '../world/arch/index.ts';
import type { Definitions } from '../world/definitions.ts';
import type { KnownTypes } from '../world/known-types.ts';
import type { World } from '../world/world.ts';
import type { TypedProgram, TypedScript } from './check.ts';
import type { TypedFunction } from './check-function.ts';
import { currentTask, systemRegister } from './emit-args.ts';
import { FunctionEmitter, shared } from './emit-context.ts';
import { emitFunction, frameDeclaration } from './emit-function.ts';
import { emitSessions } from './emit-session.ts';
import { emitStatements, scratchLookup } from './emit-statement.ts';
import type { Tables } from './plan.ts';
import {
  allocatesOnDemand,
  nestedSite,
  planStacks,
  planTables,
  scalarAlignment,
  scalarHeader,
  scalarsVariable,
} from './plan.ts';
import { planStructs } from './plan-structs.ts';
import type { Callee, ProgramEmitter, StackBudget } from './program-emitter.ts';
import { isLargeScratch } from './program-emitter.ts';
import { takesNoLock } from './takes-no-lock.ts';

const scalarsSection = `.data.${scalarsVariable}` as const;

/** What emission knows of the world. */
export interface EmitEnv {
  readonly world: World;
  readonly config: Config;
  readonly types: KnownTypes;
  readonly definitions: Definitions;
  /** -k: failed reads and missing keys are counted. */
  readonly reportReads?: boolean | undefined;
}

export function emitProgram(source: SourceText, typed: TypedScript, env: EmitEnv): Program {
  const { config, world } = env;
  const tables = planTables(typed, config, world);
  const functions = new Map(typed.functions.map((entry) => [entry.definition.name, entry]));
  const nests = typed.programs.some(({ matched }) => matched.shape.nests === true);
  const texts = typed.programs.map((program, i) =>
    emitBpfProgram(source, program, functions, { name: `p${i}`, nests }, tables, env),
  );
  const c = new CWriter(source);
  c.line(`#define EB_SITES ${Math.max(1, tables.sites.length)}`);
  c.line('#include "ebtrace.h"');
  for (const header of ['control.h', 'sites.h', ...[...tables.headers].filter((name) => name !== 'control.h').sort()]) {
    c.line(`#include "${header}"`);
  }
  if (!tables.headers.has('ring.h')) c.line('#include "ring.h"');
  c.line('');
  // libbpf's linker wants the licenses of all objects in one kind of section, and theirs may be of either kind.
  if (!env.definitions.objects.some((entry) => entry.hasLicense))
    c.line(`const char eb_license[] SEC("license") = ${cString(config.license)};`);
  c.line('const volatile struct eb_params eb_params SEC(".rodata.params") = {};');
  emitScalars(c, [...tables.maps.values()]);
  for (const map of tables.maps.values()) emitMapDefinition(c, map, world.possibleCpus());
  const stacks = planStacks(tables, config);
  for (const plan of stacks) c.line(`EB_STACK_TABLE(${plan.limit}, ${plan.maxEntries})`);
  for (const declaration of tables.imports.values()) c.line(declaration);
  for (const constant of tables.constants.values()) c.line(constant.definition);
  for (const text of texts) {
    c.line('');
    c.append(text);
  }
  emitSessions(c, typed.programs, world);
  return {
    sourceName: source.name,
    sourceText: source.text,
    sourceFiles: source.files,
    c: c.text(),
    object: new Uint8Array(),
    imports: env.definitions.objects.map(({ name, object }) => ({ name, object })),
    boundedLoops: tables.boundedLoops,
    typedReads: tables.typedReads,
    probes: typed.programs.flatMap((program, i) =>
      program.matched.session?.half === 'return' ? [] : [probePlan(program, program.matched.session?.name ?? `p${i}`)],
    ),
    maps: [...tables.maps.values()],
    events: tables.events,
    strings: tables.strings,
    sites: tables.sites,
    stacks,
    structs: planStructs(tables.maps.values(), tables.events, env.types),
    config,
    abi: {
      ring: 'eb_ring',
      sites: 'eb_sites',
      control: '.data.eb_control',
      scalars: scalarsSection,
      params: 'eb_params',
    },
  };
}

function probePlan({ matched }: TypedProgram, name: string): ProbePlan {
  const { shape, label, attachPoint } = matched;
  return {
    program: name,
    name: label,
    type: shape.type,
    attach: shape.attach,
    count: shape.targets.length,
    span: attachPoint.span,
  };
}

/** Bytes of stack for what a statement needs and for variables, of the 512 that a BPF program has with all it calls. */
const programStack: StackBudget = { statement: 128, variables: 96 };

function emitBpfProgram(
  source: SourceText,
  typed: TypedProgram,
  functions: ReadonlyMap<string, TypedFunction>,
  { name, nests }: { readonly name: string; readonly nests: boolean },
  tables: Tables,
  { config, world, types, definitions, reportReads = false }: EmitEnv,
): readonly string[] {
  const { kind, shape, attachPoint } = typed.matched;
  const callees = new Map<string, Callee>();
  const program: ProgramEmitter = {
    name,
    owner: name,
    callees,
    imported: definitions.functions,
    result: undefined,
    stack: programStack,
    tables,
    config,
    world,
    types,
    reportReads,
    probe: { kind, shape },
    source,
    frame: [],
    usesTarget: false,
    scratch: 0,
    scratchPeak: 0,
    functions: [],
    variableStack: 0,
    loops: new Set(),
    variables: new Map(),
  };
  const called = typed.functions.map((callee) => {
    const definition = functions.get(callee);
    if (definition === undefined) throw new Error(`${callee}() has no definition`);
    const emitted = emitFunction(program, definition);
    callees.set(callee, emitted.callee);
    return emitted.text;
  });
  const f = new FunctionEmitter(program, 0);
  const { predicate } = typed;
  const test = f.c.capture(() => {
    if (predicate === undefined) return;
    f.statement(predicate.span, () => {
      f.c.line(`if (!(${f.value(predicate).c}))`);
      f.c.line('\treturn 0;');
    });
  });
  const testHoisted = f.releaseHoisted();
  const testUsesScratch = f.usesScratch;
  const body = f.c.capture(() => emitStatements(f, typed.body));
  const bodyHoisted = f.releaseHoisted();
  const dispatch = f.c.capture(() => emitDispatch(f, shape, world));
  f.c.forgetLine();
  const text = f.c.capture(() => {
    f.c.at(attachPoint.span.start);
    const kind = typed.matched.session === undefined ? `SEC("${shape.section}")` : 'NOINLINE';
    const { attach } = shape;
    // Nothing is attached before begin and after end.
    const isGuarded = nests && !(attach.kind === 'run-once' && attach.when !== 'signal');
    const guard = (): void => emitGuard(f, attachPoint.span, typed.matched.session?.name ?? name);
    f.c.block(`${kind} int ${name}(u64 *ctx)`, () => {
      f.c.append(dispatch);
      const outlivesUs = outlivesRun(attach);
      if (attach.kind === 'iterator' && !outlivesUs) {
        f.include('iterator.h');
        f.c.line('eb_iterator_step(ctx);');
      }
      if (attach.kind !== 'run-once' && !outlivesUs) {
        f.c.line('if (eb_stopped())');
        f.c.line('\treturn 0;');
      }
      emitEndOfIteration(f, shape);
      if (shape.filtersPid) emitPidFilter(f);
      // Events that the predicate rejects are not missed.
      const isLate = !testUsesScratch && (predicate === undefined || takesNoLock(predicate));
      if (isGuarded && !isLate) guard();
      if (f.usesScratch) scratchLookup(f, 'return 0;');
      if (f.usesFrame) emitFrame(f, name);
      f.declareHoisted(testHoisted);
      f.c.append(test);
      if (isGuarded && isLate) guard();
      // Behind the predicate: events that it rejects do not pay for what only the body needs.
      f.declareHoisted(bodyHoisted);
      f.c.append(body);
      f.c.line('return 0;');
    });
  });
  return [
    ...scratchMap(program),
    ...called.flat(),
    ...frameDeclaration(program, f.usesFrame),
    ...program.functions.flat(),
    ...text,
  ];
}

/** With what bodies of loops read of the program's own variables. */
function emitFrame(f: FunctionEmitter, program: string): void {
  f.c.line(`struct frame_${program} frame_value = {}, *frame = &frame_value;`);
  for (const { name, member } of Object.values(shared)) {
    if (f.program.frame.includes(member)) f.c.line(`frame->${name} = ${name};`);
  }
}

/** Goes on unless a body of the script runs on this CPU already. */
function emitGuard(f: FunctionEmitter, span: Span, program: string): void {
  f.include('nesting.h');
  f.c.line(`EB_LEAVES volatile u64 *inside = eb_enter(${nestedSite(f.program.tables, span, program)});`);
  f.c.line('if (!inside)');
  f.c.line('\treturn 0;');
}

/** The per-CPU memory of a program and of the functions that it calls. */
function scratchMap(program: ProgramEmitter): readonly string[] {
  const lines: string[] = [];
  if (program.scratchPeak > 0) {
    lines.push(
      `#define SCRATCH_INDEX_${program.name} ${isLargeScratch(program) ? 'bpf_get_smp_processor_id()' : '0'}`,
      'struct {',
      `\tMAP_UINT(type, ${isLargeScratch(program) ? 'BPF_MAP_TYPE_ARRAY' : 'BPF_MAP_TYPE_PERCPU_ARRAY'});`,
      '\tMAP_UINT(key_size, 4);',
      `\tMAP_UINT(value_size, ${program.scratchPeak});`,
      `\tMAP_UINT(max_entries, ${isLargeScratch(program) ? program.world.possibleCpus() : 1});`,
      `} scratch_${program.name} SEC(".maps");`,
    );
  }
  return lines;
}

/** The kernel calls the program once more behind the last object, without one. */
function emitEndOfIteration(f: FunctionEmitter, { context }: ProgramShape): void {
  if (context.by !== 'iterator' || context.objectWords.length === 0) return;
  f.c.line(`if (${context.objectWords.map((word) => `!ctx[${word}]`).join(' || ')})`);
  f.c.line('\treturn 0;');
}

/** Processes other than that of -p are none of ours; the kernel drops the test when there is no -p. */
function emitPidFilter(f: FunctionEmitter): void {
  f.include('process.h');
  const pid = f.world.features.initPidNamespace ? 'eb_pid()' : 'eb_pid_in_namespace()';
  f.c.line(`if (eb_params.filter_pid && ${pid} != eb_params.filter_pid)`);
  f.c.line('\treturn 0;');
}

/** Leaves the program for system calls that are not its own, and finds `target`, the index of the one that fired. */
function emitDispatch(f: FunctionEmitter, shape: ProgramShape, world: World): void {
  const { select } = shape;
  if (select.by === 'cookie' && f.program.usesTarget) f.c.line('u32 target = bpf_get_attach_cookie(ctx);');
  if (select.by === 'none' && f.program.usesTarget) f.c.line('u32 target = 0;');
  if (select.by === 'syscall') emitSyscallDispatch(f, select, world);
}

/** More numbers than this are looked up in a table. */
const mostCompared = 4;

function emitSyscallDispatch(f: FunctionEmitter, select: TargetSelection & { by: 'syscall' }, world: World): void {
  f.include('syscall.h');
  const { numbers } = select;
  // The second argument of the raw tracepoint; in a record it follows the 8 bytes that all records begin with.
  if (select.event === 'enter' || f.probe.shape.type === 'tracepoint') f.c.line('u64 number = ctx[1];');
  else {
    const register = systemRegister(f, archTable(world.arch).syscallNumber, 32);
    f.declareHoisted();
    f.c.line(`u64 number = (s64)(s32)${register};`);
  }
  if (numbers.length <= mostCompared) {
    f.c.line(`if (${numbers.map((number) => `number != ${number}`).join(' && ')})`);
    f.c.line('\treturn 0;');
    if (f.program.usesTarget) {
      f.c.line(
        `u32 target = ${numbers
          .slice(0, -1)
          .map((number, i) => `number == ${number} ? ${i} : `)
          .join('')}${numbers.length - 1};`,
      );
    }
  } else {
    const entries = new Array<number>(Math.max(...numbers) + 1).fill(0);
    for (const [i, number] of numbers.entries()) entries[number] = i + 1;
    const bytes = entries.map((entry) => String.fromCharCode(entry & 0xff, entry >> 8)).join('');
    const table = f.constantBytes(bytes);
    f.c.line(`if (number >= ${entries.length})`);
    f.c.line('\treturn 0;');
    f.c.line(`u32 target = ((const u16 *)${table})[number];`);
    f.c.line('if (!target)');
    f.c.line('\treturn 0;');
    f.c.line('target--;');
  }
  emitCompatTest(f, world);
}

/** 32-bit system calls have other numbers, and the perf tracepoints do not report them either. */
function emitCompatTest(f: FunctionEmitter, world: World): void {
  const { compatMode, registers } = archTable(world.arch);
  if (compatMode !== undefined) {
    // The record of a perf tracepoint has no registers.
    if (f.probe.shape.type === 'tracepoint' && !world.features.taskPtRegs) return;
    const register = systemRegister(f, registers[compatMode.register] ?? 0);
    f.declareHoisted();
    f.c.line(`if (${register} & ${compatMode.mask})`);
    f.c.line('\treturn 0;');
    return;
  }
  const offset = world.kernelTypes()?.offsetOf('task_struct', ['thread_info', 'status']);
  if (offset === undefined) return;
  if (world.features.currentTaskBtf) {
    const task = currentTask(f);
    f.declareHoisted();
    f.c.line(`if (eb_in_compat_call(${task}, ${offset}))`);
  } else f.c.line(`if (eb_in_compat_call_by_read(${offset}))`);
  f.c.line('\treturn 0;');
}

const mapTypes: { readonly [S in Exclude<MapPlan['storage'], 'data'>]: string } = {
  array: 'BPF_MAP_TYPE_ARRAY',
  'percpu-array': 'BPF_MAP_TYPE_PERCPU_ARRAY',
  hash: 'BPF_MAP_TYPE_HASH',
  'percpu-hash': 'BPF_MAP_TYPE_PERCPU_HASH',
  'lru-hash': 'BPF_MAP_TYPE_LRU_HASH',
  'lru-percpu-hash': 'BPF_MAP_TYPE_LRU_PERCPU_HASH',
};

function emitScalars(c: CWriter, maps: readonly MapPlan[]): void {
  const scalars = maps.filter((map) => map.storage === 'data');
  if (scalars.length === 0) return;
  c.block(
    'struct',
    () => {
      for (const { symbol, valueSize } of scalars) {
        const words = (valueSize - scalarHeader) / 8;
        c.line(`struct { u64 set; u64 value[${words}]; } ${symbol} __attribute__((aligned(${scalarAlignment})));`);
      }
    },
    ` ${scalarsVariable} SEC("${scalarsSection}");`,
  );
}

function emitMapDefinition(c: CWriter, map: MapPlan, cpus: number): void {
  const { storage } = map;
  if (storage === 'data') return;
  c.block(
    'struct',
    () => {
      c.line(`MAP_UINT(type, ${mapTypes[storage]});`);
      c.line(`MAP_UINT(key_size, ${map.keySize});`);
      c.line(`MAP_UINT(value_size, ${map.valueSize * (map.spreadOver ?? 1)});`);
      c.line(`MAP_UINT(max_entries, ${map.maxEntries});`);
      if (allocatesOnDemand(map, cpus)) c.line('MAP_UINT(map_flags, BPF_F_NO_PREALLOC);');
    },
    ` ${map.symbol} SEC(".maps");`,
  );
}
