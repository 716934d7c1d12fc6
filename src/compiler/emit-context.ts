/**
 * Implements `Emit`: the state of one C function while it is written - where variables live, what memory the statement
 * uses, how to leave - and the operations that emitters and builtins share. A loop body becomes a function of its own
 * (a callback) with its own FunctionEmitter; both share the ProgramEmitter of their BPF program.
 */

import type { Span } from '../../grammar/source.ts';
import type { CValue, Emit, Place, ProbeInfo } from '../builtins/builtin.ts';
import { alignAt, at, scalarCType } from '../c/c-type.ts';
import { CWriter } from '../c/writer.ts';
import type { Config } from '../config/options.ts';
import type { MapPlan, SiteKind } from '../program/program.ts';
import { alignUp, sizeOf } from '../types/layout.ts';
import type { Type } from '../types/type.ts';
import type { TypedExpr, VariableSymbol } from '../types/typed-tree.ts';
import type { World } from '../world/world.ts';
import { dependsOn } from './aliasing.ts';
import { currentTask } from './emit-args.ts';
import { emitExpression } from './emit-expression.ts';
import { emitKey, emitScalarSlot } from './emit-map.ts';
import type { JumpLabel } from './jump-label.ts';
import { constantFor, siteFor, stringFor } from './plan.ts';
import type { ProgramEmitter } from './program-emitter.ts';

/**
 * Bytes that a memset may clear: clang makes at most 128 stores of it, and has no other way. A call clears larger values
 * as fast, and is much less for clang and the verifier to read.
 */
const mostZeroed = 512;

interface SharedVariable {
  readonly name: string;
  readonly cType: string;
  /** Of the frame. */
  readonly member: string;
}

/** C variables of a BPF program that bodies of its loops may read. */
export const shared = {
  context: { name: 'ctx', cType: 'u64 *', member: 'u64 *ctx;' },
  target: { name: 'target', cType: 'u32', member: 'u32 target;' },
  syscall: { name: 'number', cType: 'u64', member: 'u64 number;' },
} satisfies { readonly [what: string]: SharedVariable };

export interface UnrollLabels {
  readonly break: JumpLabel;
  readonly continue: JumpLabel;
}

export class FunctionEmitter implements Emit {
  readonly c: CWriter;
  readonly program: ProgramEmitter;
  /** 0 for the probe itself, else the number of the callback. */
  readonly callback: number;
  /** Callbacks around this one. */
  readonly depth: number;
  /** Open unrolls, innermost last. */
  readonly unrolls: UnrollLabels[] = [];
  usesScratch = false;
  usesFrame = false;
  /** C declarations that were asked for and are not written yet, by name; and the names of those that are. */
  #hoisted = new Map<string, string>();
  readonly #declared = new Set<string>();
  #stack = 0;
  /** The memory that was declared last. */
  #zeroed: { readonly place: Place; readonly declaration: string } | undefined;
  #keys = new Map<TypedExpr, string>();

  constructor(program: ProgramEmitter, callback: number, depth = 0) {
    this.program = program;
    this.callback = callback;
    this.depth = depth;
    this.c = new CWriter(program.source);
  }

  get probe(): ProbeInfo {
    return this.program.probe;
  }

  get config(): Config {
    return this.program.config;
  }

  get world(): World {
    return this.program.world;
  }

  value(expression: TypedExpr, into?: Place): CValue {
    return emitExpression(this, expression, into);
  }

  /** The value in memory at `place`. */
  store(expression: TypedExpr, place: Place): void {
    this.storeValue(this.value(expression, place), place);
  }

  storeValue(value: CValue, place: Place): void {
    const cType = scalarCType(value.type);
    if (value.in === 'register' && cType !== undefined) this.c.line(`${at(cType, place.c, place.align)} = ${value.c};`);
    else if (value.c !== place.c) this.copy(place, value, sizeOf(value.type));
  }

  temporary(cType: string, expression: string): string {
    const name = this.c.name('t');
    this.c.line(`${cType}${cType.endsWith('*') ? '' : ' '}${name} = ${expression};`);
    return name;
  }

  allocate(size: number): Place {
    const bytes = alignUp(Math.max(size, 1), 8);
    if (size <= this.config.on_stack_limit && this.#stack + bytes <= this.program.stack.statement) {
      this.#stack += bytes;
      const name = this.c.name('m');
      const declaration = `u64 ${name}[${bytes / 8}] = {};`;
      this.c.line(declaration);
      const place: Place = { c: `(u8 *)${name}`, align: 8 };
      this.#zeroed = { place, declaration };
      return place;
    }
    return this.allocateScratch(size);
  }

  /** Per-CPU memory until the end of the statement. */
  allocateScratch(size: number): Place {
    const offset = this.program.scratch;
    this.program.scratch += alignUp(Math.max(size, 1), 8);
    this.program.scratchPeak = Math.max(this.program.scratchPeak, this.program.scratch);
    this.usesScratch = true;
    return { c: `(scratch + ${offset})`, align: 8 };
  }

  /** A block of C for one statement: temporaries and memory end with it. */
  statement(span: Span, body: () => void): void {
    const { scratch } = this.program;
    const stack = this.#stack;
    const keys = this.#keys;
    this.#keys = new Map();
    this.c.at(span.start);
    // Or clang keeps the address of every variable in per-CPU memory at hand, and spills them all.
    const hides = this.usesScratch;
    this.c.block('', () => {
      if (hides) this.c.line('HIDE(scratch);');
      body();
    });
    this.#keys = keys;
    this.#stack = stack;
    this.program.scratch = scratch;
  }

  /**
   * Storage of a variable, declared zero; per-CPU memory of variables is never reused within a program, and not cleared
   * when all of it is stored next.
   */
  declare(variable: VariableSymbol, isStoredNext = false): void {
    const cType = scalarCType(variable.type);
    const name = `v${variable.id}_${variable.name.replace('#', '_')}`;
    if (cType !== undefined && this.#isOutOfStack(variable)) {
      this.#declareInScratch(variable, cType);
      return;
    }
    if (cType !== undefined && !variable.captured) {
      this.c.line(`${cType} ${name} = 0;`);
      this.program.variables.set(variable.id, { register: name });
      return;
    }
    if (cType !== undefined) {
      if (!this.program.variables.has(variable.id))
        this.program.frame.push(`${cType} ${name} __attribute__((aligned(8)));`);
      this.usesFrame = true;
      this.c.line(`frame->${name} = 0;`);
      this.program.variables.set(variable.id, { register: `frame->${name}` });
      return;
    }
    const size = sizeOf(variable.type);
    const bytes = alignUp(Math.max(size, 1), 8);
    // In an unroll a variable is declared once a round: all rounds use the same storage.
    const known = this.program.variables.get(variable.id);
    const stack: Place = { c: `(u8 *)${name}`, align: 8 };
    const fits = this.program.variableStack + bytes <= this.program.stack.variables;
    const onStack =
      known === undefined
        ? !variable.captured && size <= this.config.on_stack_limit && fits
        : 'c' in known && known.c === stack.c;
    if (onStack) {
      if (known === undefined) this.program.variableStack += bytes;
      this.c.line(`u64 ${name}[${bytes / 8}] = {};`);
      this.program.variables.set(variable.id, stack);
      return;
    }
    const place = known !== undefined && 'c' in known ? known : this.allocateScratch(size);
    this.usesScratch = true;
    this.program.variables.set(variable.id, place);
    if (!isStoredNext) this.zero(place, size);
  }

  /** Numbers beyond the first few would be spilled to the stack by clang, or make the frame of callbacks too large. */
  #isOutOfStack(variable: VariableSymbol): boolean {
    const known = this.program.variables.get(variable.id);
    if (known !== undefined) return 'register' in known && isInScratch(known.register);
    let others = 0;
    for (const storage of this.program.variables.values()) {
      if ('register' in storage && !isInScratch(storage.register)) {
        others += storage.register.startsWith('frame->') === variable.captured ? 1 : 0;
      }
    }
    return others >= (variable.captured ? mostInFrame : mostInRegisters);
  }

  #declareInScratch(variable: VariableSymbol, cType: string): void {
    const known = this.program.variables.get(variable.id);
    const register =
      known !== undefined && 'register' in known ? known.register : `*(${cType} *)${this.allocateScratch(8).c}`;
    this.usesScratch = true;
    this.c.line(`${register} = 0;`);
    this.program.variables.set(variable.id, { register });
  }

  variable(variable: VariableSymbol): CValue {
    const storage = this.program.variables.get(variable.id);
    if (storage === undefined) throw new Error(`variable $${variable.name} has no storage`);
    if ('register' in storage) {
      if (isInScratch(storage.register)) this.usesScratch = true;
      else if (variable.captured) this.usesFrame = true;
      return { type: variable.type, in: 'register', c: storage.register };
    }
    if (storage.c.startsWith('(scratch')) this.usesScratch = true;
    return { type: variable.type, in: 'memory', c: storage.c, align: storage.align };
  }

  assignVariable(variable: VariableSymbol, value: TypedExpr): void {
    const target = this.variable(variable);
    if (target.in === 'register') this.c.line(`${target.c} = ${this.value(value).c};`);
    else {
      const place = { c: target.c, align: target.align ?? 8 };
      if (dependsOn(value, variable)) this.storeValue(this.value(value), place);
      else this.store(value, place);
    }
  }

  countFailure(kind: SiteKind, span: Span, code: string, helper?: string): string {
    return `eb_fail(${siteFor(this.program.tables, kind, span, helper)}, ${code});`;
  }

  failureSite(kind: SiteKind, span: Span, helper?: string): number {
    return siteFor(this.program.tables, kind, span, helper);
  }

  stackTable(limit: number): string {
    this.include('stacks.h');
    this.program.tables.stackLimits.add(limit);
    return `eb_keep_stack_${limit}`;
  }

  read(call: string, span: Span, helper: string): void {
    if (!this.program.reportReads) {
      this.c.line(`${call};`);
      return;
    }
    const result = this.temporary('long', call);
    this.c.line(`if (${result} < 0)`);
    this.c.line(`\t${this.countFailure('probe-read', span, result, helper)}`);
  }

  hoist(name: string, cType: string, expression: string): string {
    if (!this.#declared.has(name)) {
      this.#hoisted.set(name, `${cType}${cType.endsWith('*') ? '' : ' '}${name} = ${expression};`);
    }
    return name;
  }

  /** The declarations that were asked for since the last call, to be written later. */
  releaseHoisted(): ReadonlyMap<string, string> {
    const hoisted = this.#hoisted;
    this.#hoisted = new Map();
    return hoisted;
  }

  /** Writes those declarations that are not there yet. */
  declareHoisted(hoisted: ReadonlyMap<string, string> = this.releaseHoisted()): void {
    for (const [name, declaration] of hoisted) {
      if (!this.#declared.has(name)) this.c.line(declaration);
      this.#declared.add(name);
    }
  }

  taskAtHand(): string | undefined {
    const { probe, world } = this;
    const isRead = probe.shape.select.by === 'syscall' && world.arch === 'x86_64' && world.features.currentTaskBtf;
    return isRead && this.callback === 0 ? currentTask(this) : undefined;
  }

  targetIndex(): string {
    this.program.usesTarget = true;
    this.bring(shared.target);
    return 'target';
  }

  /** Code that reads the context of the probe comes next. */
  needsContext(): void {
    this.bring(shared.context);
  }

  /** Bodies of loops find in the frame what the probe has in C variables. */
  bring({ name, cType, member }: SharedVariable): void {
    if (this.callback === 0) return;
    if (!this.program.frame.includes(member)) this.program.frame.push(member);
    this.hoist(name, cType, `frame->${name}`);
  }

  map(name: string): MapPlan {
    const plan = this.program.tables.maps.get(name);
    if (plan === undefined) throw new Error(`map ${name} has no plan`);
    return plan;
  }

  mapKey(key: TypedExpr): string {
    const known = this.#keys.get(key);
    if (known !== undefined) return known;
    const pointer = emitKey(this, key);
    this.#keys.set(key, pointer);
    return pointer;
  }

  scalarSlot(map: string): string {
    return emitScalarSlot(this, map);
  }

  include(header: string): void {
    this.program.tables.headers.add(header);
  }

  constantBytes(bytes: string): string {
    return constantFor(this.program.tables, bytes);
  }

  stringId(text: string): number {
    return stringFor(this.program.tables, text);
  }

  copy(to: Place, from: CValue, size: number): void {
    const align = Math.min(to.align, from.align ?? 8);
    if (size > 64 || Math.ceil(size / align) > 32) {
      this.c.line(`bpf_probe_read_kernel(${to.c}, ${size}, ${from.c});`);
      return;
    }
    for (let done = 0; done < size; ) {
      const step = largestStep(size - done, alignAt(align, done));
      const cType = `u${step * 8}`;
      this.c.line(`*(${cType} *)(${to.c} + ${done}) = *(${cType} *)(${from.c} + ${done});`);
      done += step;
    }
  }

  zero(to: Place, size: number): void {
    // Just declared. Clearing it twice takes clang more than linear time in large scripts.
    if (to === this.#zeroed?.place && this.c.endsWith(this.#zeroed.declaration)) return;
    if (size > mostZeroed) {
      // A read that fails leaves zeros, and at address 0 there is never anything.
      this.c.line(`bpf_probe_read_kernel(${to.c}, ${size}, (void *)0);`);
      return;
    }
    this.c.line(`__builtin_memset(__builtin_assume_aligned(${to.c}, ${to.align}), 0, ${size});`);
  }

  /** Leave the probe, from a callback and a function too: their callers see it in `done` of the frame or in the result. */
  leave(): void {
    const isFunction = this.program.result !== undefined;
    if (this.callback === 0) this.c.line(isFunction ? 'return 1;' : 'return 0;');
    else {
      this.usesFrame = true;
      this.c.line(`frame->done = ${isFunction ? 2 : 1};`);
      this.c.line('return 1;');
    }
  }
}

/** Variables of numbers kept by clang, and in the frame that callbacks share; the others are in per-CPU memory. */
const mostInRegisters = 20;
const mostInFrame = 16;

function isInScratch(register: string): boolean {
  return register.includes('(scratch');
}

function largestStep(left: number, align: number): number {
  let step = Math.min(8, align);
  while (step > left) step /= 2;
  return step;
}

export function memory(type: Type, place: Place): CValue {
  return { type, in: 'memory', c: place.c, align: place.align };
}
