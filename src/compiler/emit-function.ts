/**
 * `fn` functions -> C. Each BPF program has its own copy of every function that it reaches: programs may interrupt one
 * another, so memory that a function works in must not be shared between them. Scalars travel in registers, as far as
 * BPF has registers for arguments; everything else is put where the function keeps it, in the program's per-CPU memory.
 * Functions never call themselves, so one place for each parameter is enough.
 */
import type { CValue, Place } from '../builtins/builtin.ts';
import { at, isScalar, scalarCType } from '../c/c-type.ts';
import { sizeOf } from '../types/layout.ts';
import type { FunctionCall, TypedExpr } from '../types/typed-tree.ts';
import type { TypedFunction } from './check-function.ts';
import { FunctionEmitter, memory } from './emit-context.ts';
import { hasEffects, steady } from './emit-expression.ts';
import { emitImportedCall } from './emit-import.ts';
import { emitStatements, scratchLookup } from './emit-statement.ts';
import type { Callee, CalleeParameter, FunctionResult, ProgramEmitter, StackBudget } from './program-emitter.ts';

/** Arguments of a BPF function. */
const mostRegisters = 5;

/** All frames of a chain of calls share the stack of one. */
const functionStack: StackBudget = { statement: 32, variables: 0 };

/** C of a function as `program` calls it, and how to call it; its memory is taken from the program's for good. */
export function emitFunction(
  program: ProgramEmitter,
  { definition, parameters, returns, endsProbe, body }: TypedFunction,
): { readonly callee: Callee; readonly text: readonly string[] } {
  const name = `${program.name}_f${program.callees.size}_${definition.name}`;
  const result: { place: Place | undefined } & FunctionResult = { type: returns, place: undefined, endsProbe };
  const own: ProgramEmitter = {
    ...program,
    name,
    result,
    stack: functionStack,
    frame: [],
    usesTarget: false,
    scratch: program.scratchPeak,
    functions: [],
    variableStack: 0,
    loops: new Set(),
    variables: new Map(),
  };
  const f = new FunctionEmitter(own, 0);
  if (returns.kind !== 'none' && (endsProbe || !isScalar(returns))) result.place = f.allocateScratch(sizeOf(returns));
  let registers = 0;
  const planned = parameters.map(({ type }): CalleeParameter => {
    const inRegister = isScalar(type) && registers < mostRegisters;
    if (inRegister) registers++;
    return { type, place: inRegister ? undefined : f.allocateScratch(sizeOf(type)) };
  });
  const callee: Callee = { name, parameters: planned, result };
  const code = f.c.capture(() => {
    for (const [i, variable] of parameters.entries()) {
      const place = planned[i]?.place;
      const cType = scalarCType(variable.type);
      if (cType === undefined && place !== undefined) own.variables.set(variable.id, place);
      else {
        f.declare(variable);
        f.c.line(`${f.variable(variable).c} = ${place === undefined ? `a${i}` : at(cType ?? 'u64', place.c, 8)};`);
      }
    }
    emitStatements(f, body);
  });
  f.c.forgetLine();
  const text = f.c.capture(() => {
    f.c.at(definition.span.start);
    f.c.block(`NOINLINE ${cResult(result)} ${name}(${cParameters(planned)})`, () => {
      if (f.usesScratch) scratchLookup(f, emptyReturn(result));
      if (f.usesFrame) f.c.line(`struct frame_${name} frame_value = {}, *frame = &frame_value;`);
      f.declareHoisted();
      f.c.append(code);
      f.c.line(emptyReturn(result));
    });
  });
  program.scratchPeak = own.scratchPeak;
  program.scratch = own.scratchPeak;
  return { callee, text: [...frameDeclaration(own, f.usesFrame), ...own.functions.flat(), ...text] };
}

/** The frame that a body shares with its callbacks. */
export function frameDeclaration(program: ProgramEmitter, usesFrame: boolean): readonly string[] {
  if (!usesFrame) return [];
  return [`struct frame_${program.name} {`, '\tu64 done;', ...program.frame.map((member) => `\t${member}`), '};'];
}

function cResult({ type, endsProbe }: FunctionResult): string {
  return endsProbe ? 'int' : (scalarCType(type) ?? 'void');
}

function cParameters(parameters: readonly CalleeParameter[]): string {
  const list = parameters.flatMap(({ type, place }, i) =>
    place === undefined ? [`${scalarCType(type) ?? 'u64'} a${i}`] : [],
  );
  return list.length === 0 ? 'void' : list.join(', ');
}

/** Leaves the function without a value of its own: at its end, or because memory is missing. */
function emptyReturn(result: FunctionResult): string {
  return cResult(result) === 'void' ? 'return;' : 'return 0;';
}

// ---------------------------------------------------------------------------------------------------- return

export function emitFunctionReturn(f: FunctionEmitter, result: FunctionResult, value: TypedExpr | undefined): void {
  const cType = scalarCType(result.type);
  const { place } = result;
  let scalar: string | undefined;
  if (value !== undefined) {
    if (place !== undefined) {
      f.usesScratch = true;
      f.store(value, place);
    } else if (cType !== undefined) scalar = f.value(value).c;
    else f.value(value);
  }
  if (f.callback === 0) {
    f.c.line(scalar === undefined ? emptyReturn(result) : `return ${scalar};`);
    return;
  }
  f.usesFrame = true;
  if (scalar !== undefined && cType !== undefined) {
    const member = frameResult(cType);
    if (!f.program.frame.includes(member)) f.program.frame.push(member);
    f.c.line(`frame->result = ${scalar};`);
  }
  f.c.line('frame->done = 1;');
  f.c.line('return 1;');
}

/** Leaves a probe whose result counts, with 1 for any value but 0: the kernel hands over 32 bits. */
export function emitProbeResult(f: FunctionEmitter, value: string): void {
  if (f.callback === 0) {
    f.c.line(`return !!(${value});`);
    return;
  }
  f.usesFrame = true;
  const member = frameResult('u64');
  if (!f.program.frame.includes(member)) f.program.frame.push(member);
  f.c.line(`frame->result = !!(${value});`);
  f.leave();
}

/** A scalar that was returned inside a loop waits in the frame. */
function frameResult(cType: string): string {
  return `${cType} result __attribute__((aligned(8)));`;
}

/** What the body does when a loop has ended because of a return (`done` is 1) or the end of the probe (2 in functions). */
export function returnWhenDone(f: FunctionEmitter): string {
  const { result } = f.program;
  if (result === undefined) {
    return f.program.frame.includes(frameResult('u64')) ? 'return frame->result;' : 'return 0;';
  }
  if (result.endsProbe) return 'return frame->done == 2;';
  const cType = scalarCType(result.type);
  const isKept = cType !== undefined && f.program.frame.includes(frameResult(cType));
  return isKept ? 'return frame->result;' : emptyReturn(result);
}

// ---------------------------------------------------------------------------------------------------- calls

export function emitFunctionCall(f: FunctionEmitter, call: FunctionCall, into: Place | undefined): CValue {
  if (call.from === 'import') return emitImportedCall(f, call);
  const callee = f.program.callees.get(call.name);
  if (callee === undefined) throw new Error(`${call.name}() was not emitted before its caller`);
  const { type } = call;
  const c = `${callee.name}(${handOver(f, call, callee).join(', ')})`;
  const { place, endsProbe } = callee.result;
  if (endsProbe) f.c.block(`if (${c})`, () => f.leave());
  else if (place !== undefined || type.kind === 'none') f.c.line(`${c};`);
  else return { type, in: 'register', c: f.temporary(scalarCType(type) ?? 'u64', c) };
  if (place === undefined) return { type, in: 'register', c: '0' };
  f.usesScratch = true;
  const cType = scalarCType(type);
  if (cType !== undefined) return { type, in: 'register', c: f.temporary(cType, at(cType, place.c, place.align)) };
  // The next call overwrites the result.
  const copy = into ?? f.allocate(sizeOf(type));
  f.copy(copy, memory(type, place), sizeOf(type));
  return memory(type, copy);
}

/** Evaluates the arguments in order and puts away those that do not travel in registers; returns the rest. */
function handOver(f: FunctionEmitter, call: FunctionCall, callee: Callee): readonly string[] {
  const values = call.args.map((arg, i) => {
    const place = callee.parameters[i]?.place;
    const later = call.args.slice(i + 1);
    const isLast = !later.some(hasEffects);
    if (isScalar(arg.type)) return steady(f, f.value(arg), ...later);
    // A call in the argument may be one of the very function, whose parameters are not ready for us before it returns.
    if (place !== undefined && isLast && !callsFunction(arg)) return f.value(arg, place);
    const value = f.value(arg);
    if (isLast || value.in === 'register') return value;
    const kept = f.allocate(sizeOf(arg.type));
    f.copy(kept, value, sizeOf(arg.type));
    return memory(arg.type, kept);
  });
  const registers: string[] = [];
  for (const [i, value] of values.entries()) {
    const place = callee.parameters[i]?.place;
    if (place === undefined) registers.push(value.c);
    else {
      f.usesScratch = true;
      f.storeValue(value, place);
    }
  }
  return registers;
}

function callsFunction(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  return ('kind' in node && node.kind === 'function-call') || Object.values(node).some(callsFunction);
}
