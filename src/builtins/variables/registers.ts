/** What a probe was called with: arguments and result of the traced function, its registers, and the raw context. */
import { scalarCType } from '../../c/c-type.ts';
import { errorType, noneType, pointerTo, symbolic, type Type, uint8, uint64 } from '../../types/type.ts';
import { archTable } from '../../world/arch/index.ts';
import type { Builtin, CallSite, CheckedCall, CValue, Emit } from '../builtin.ts';
import { defineVariable } from '../builtin.ts';
import { contextWord } from '../context-word.ts';

/** The language knows arg0 to arg9, however many registers the machine has. */
const argumentNames = Array.from({ length: 10 }, (_, i) => `arg${i}`);

export const registerVariables: readonly Builtin[] = [
  ...argumentNames.map(argument),
  defineVariable({
    name: 'retval',
    readsContext: true,
    doc: {
      summary: 'What the traced function returns; a cast makes a signed number or a pointer of it.',
      example: 'kretprobe:vfs_read /(int64)retval < 0/ { @[strerror((int64)retval)] = count(); }',
    },
    check: checkResult,
    emit: emitResult,
  }),
  defineVariable({
    name: 'func',
    readsContext: true,
    doc: { summary: 'Name of the traced function.', example: 'kprobe:vfs_* { @[func] = count(); }' },
    check: checkFunctionName,
    emit: (emit) => ({ type: symbolic('ksym'), in: 'register', c: emit.temporary('u64', functionAddress(emit)) }),
  }),
  defineVariable({
    name: 'ctx',
    readsContext: true,
    doc: {
      summary: 'What the kernel hands to the program: the registers (struct pt_regs *), or the object of an iterator.',
      example: 'kprobe:vfs_read { @[ctx->sp] = count(); }',
    },
    check: checkContext,
    emit: (_emit, call) => ({ type: call.type, in: 'register', c: '(u64)ctx' }),
  }),
  defineVariable({
    name: 'usermode',
    readsContext: true,
    doc: {
      summary: '1 when the processor was in user mode, 0 when it was in the kernel.',
      example: 'profile:hz:99 { @[usermode] = count(); }',
    },
    check: checkUserMode,
    emit: emitUserMode,
  }),
];

function word(emit: Emit, register: string): string {
  const offset = archTable(emit.world.arch).registers[register];
  if (offset === undefined) throw new Error(`there is no register ${register}`);
  return `ctx[${offset / 8}]`;
}

/** For reg() too: C expression of a register that the architecture's table has. */
export function registerValue(emit: Emit, register: string): CValue {
  return { type: uint64, in: 'register', c: emit.temporary('u64', word(emit, register)) };
}

// ---------------------------------------------------------------------------------------------------- arguments

function argument(name: string, index: number): Builtin {
  return defineVariable({
    name,
    readsContext: true,
    doc: {
      summary: `Argument ${index} of the traced function, a 64-bit integer; a cast makes a pointer of it.`,
      // More than most machines have in registers; some raw tracepoints have so many.
      example: `${index < 6 ? 'kprobe:vfs_read' : 'rawtracepoint:balance_dirty_pages'} { @[${name}] = count(); }`,
    },
    check: (call) => checkArgument(call, index),
    emit(emit) {
      const { context } = emit.probe.shape;
      if (context.by === 'words') return { type: uint64, in: 'register', c: emit.temporary('u64', `ctx[${index}]`) };
      return registerValue(emit, archTable(emit.world.arch).argumentRegisters[index] ?? '');
    },
  });
}

function checkArgument({ name, span, probe, world, report }: CallSite, index: number): Type {
  const { kind, shape } = probe;
  const { context } = shape;
  const isEntry = context.by === 'registers' && context.at === 'entry';
  if (!isEntry && (context.by !== 'words' || shape.attach.kind === 'tracing')) {
    report.error('argument-probe', span, `there are no arguments by number in ${kind.name} probes`, {
      hint:
        shape.args === undefined && context.by === 'registers' && context.at === 'return'
          ? `keep it in a map when the function is called, and look it up here: @a[tid] = ${name}`
          : 'kprobes, uprobes, usdt and raw tracepoints have arg0, arg1 ...; other kinds have args.NAME, or none',
    });
    return errorType;
  }
  const count = context.by === 'words' ? context.count : archTable(world.arch).argumentRegisters.length;
  if (index < count) return uint64;
  const isMachine = context.by === 'registers';
  report.error(
    'argument-number',
    span,
    isMachine
      ? `${name} is not in a register: this machine (${world.arch}) passes ${count} arguments so, arg0 to arg${count - 1}`
      : `${name} does not exist: this probe has ${count === 0 ? 'no arguments' : `arg0 to arg${count - 1}`}`,
    isMachine ? { hint: 'further arguments are on the stack: *(uint64 *)(reg("sp") + OFFSET) reads it' } : {},
  );
  return errorType;
}

// ---------------------------------------------------------------------------------------------------- results

function checkResult({ span, probe, report }: CallSite): Type {
  const { kind, shape } = probe;
  const { context } = shape;
  if (context.by === 'registers' && context.at === 'return') return uint64;
  if (context.by === 'words' && context.returns !== undefined) return context.returns.type;
  const { attach } = shape;
  const ofProgram = attach.kind === 'tracing' && attach.target.program !== undefined && kind.name !== 'fentry';
  report.error('retval-probe', span, `there is no result in ${kind.name} probes`, {
    hint: ofProgram
      ? 'Linux tells results of BPF programs from 5.17 on, and what returns void has none'
      : kind.name === 'tracepoint'
        ? 'the result of a system call is args.ret of its sys_exit tracepoint'
        : 'kretprobe, uretprobe and fexit run when a function returns, and a function that returns void has no result',
  });
  return errorType;
}

function emitResult(emit: Emit): CValue {
  const { context } = emit.probe.shape;
  if (context.by !== 'words' || context.returns === undefined) {
    return registerValue(emit, archTable(emit.world.arch).returnRegister);
  }
  const { word, type } = context.returns;
  if (word !== 'asked') return contextWord(emit, word * 8, type);
  const result = emit.temporary('u64', '0');
  emit.c.line(`bpf_get_func_ret(ctx, &${result});`);
  const cType = scalarCType(type);
  if (cType === undefined) throw new Error(`a result of kind ${type.kind} is no word`);
  return { type, in: 'register', c: type.kind === 'bool' ? `((u8)${result} != 0)` : `((${cType})${result})` };
}

// ---------------------------------------------------------------------------------------------------- the function

function checkFunctionName({ span, probe, world, report }: CallSite): Type {
  const { kind, shape } = probe;
  const { context, attach } = shape;
  const isEntry = context.by === 'registers' && context.at === 'entry';
  const isReturn = context.by === 'registers' && context.at === 'return';
  if (!isEntry && !isReturn && attach.kind !== 'tracing') {
    report.error('func-probe', span, `there is no traced function in ${kind.name} probes`, {
      hint: 'kprobe, kretprobe, fentry and fexit have one; probe is the name of the probe everywhere',
    });
    return errorType;
  }
  if (isEntry || world.features.kprobeFunctionIp) return symbolic('ksym');
  if (attach.kind === 'tracing') {
    if ((world.kernelSymbol(attach.target.name) ?? 0n) !== 0n) return symbolic('ksym');
    report.error('func-hidden', span, `the address of ${attach.target.name} is not known here, and func is one`, {
      hint: 'probe has the name of the function too; sysctl kernel.kptr_restrict=0 shows addresses to root',
    });
    return errorType;
  }
  report.error(
    'func-kernel',
    span,
    `this kernel does not tell which function a ${kind.name} is in (bpf_get_func_ip, since Linux 5.15)`,
    {
      hint: 'probe has the name of the function too',
    },
  );
  return errorType;
}

function functionAddress(emit: Emit): string {
  const { context, attach } = emit.probe.shape;
  const isEntry = context.by === 'registers' && context.at === 'entry';
  if (attach.kind === 'tracing' && !emit.world.features.kprobeFunctionIp) {
    // The program is for this one function, whose address is in the kernel's symbols.
    return `${emit.world.kernelSymbol(attach.target.name) ?? 0n}ULL`;
  }
  return isEntry ? word(emit, archTable(emit.world.arch).programCounter) : 'bpf_get_func_ip(ctx)';
}

// ---------------------------------------------------------------------------------------------------- the context

function checkContext({ span, probe, world, report }: CallSite): CheckedCall {
  const { kind, shape } = probe;
  const { context } = shape;
  const struct =
    context.by === 'iterator'
      ? context.struct
      : context.by === 'registers' && context.at !== 'sample'
        ? 'pt_regs'
        : undefined;
  if (struct !== undefined) return pointerTo(world.kernelTypes()?.find('struct', struct) ?? noneType, 'kernel');
  report.error('ctx-probe', span, `ctx cannot be used in ${kind.name} probes`, {
    hint:
      context.by === 'registers'
        ? 'reg("ip") and its like read the registers'
        : 'args has what the probe tells; kprobes and iterators have ctx',
  });
  return errorType;
}

// ---------------------------------------------------------------------------------------------------- user mode

function checkUserMode({ span, probe, report }: CallSite): CheckedCall {
  const { kind, shape } = probe;
  // Bodies that are run by ebtrace itself are called from its user mode; functions of the kernel are in the kernel.
  if (shape.attach.kind === 'run-once') return { constant: 1n, type: uint8 };
  if (shape.attach.kind === 'tracing') return { constant: 0n, type: uint8 };
  if (shape.context.by === 'registers') return uint8;
  report.error('usermode-probe', span, `${kind.name} probes do not tell in which mode the processor was`, {
    hint: 'kprobe, uprobe, profile, interval, software and hardware probes have usermode',
  });
  return errorType;
}

function emitUserMode(emit: Emit): CValue {
  const mode = archTable(emit.world.arch).userMode;
  const test = `(${word(emit, mode.register)} & ${mode.mask}) == ${mode.value}`;
  return { type: uint8, in: 'register', c: emit.temporary('u64', test) };
}
