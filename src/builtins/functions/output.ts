/** Output: what is formatted and printed by user space, in the order of the event ring. */
import type { Action } from '../../program/action.ts';
import type { EventPlan } from '../../program/program.ts';
import { decodeEvent } from '../../types/decode.ts';
import { compileEventFormatter } from '../../types/event-formatter.ts';
import { parseFormat } from '../../types/printf.ts';
import { timeFormatter } from '../../types/strftime.ts';
import { errorType, noneType } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import type { Builtin, Doc, EventHandler, EventHost, EventShape } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { checkFormatCall, literalInteger, literalString, needsKind } from './arguments.ts';
import { iteratorPrintf } from './iterator-printf.ts';

const printf: Builtin = {
  ...formatted('printf', (text) => text, {
    summary: 'Print values in a format, as printf(3) does.',
    example: 'tracepoint:syscalls:sys_enter_openat { printf("%-16s %s\\n", comm, str(args.filename)); }',
  }),
  detached: iteratorPrintf,
};

const errorf = formatted('errorf', (text) => ({ kind: 'message', severity: 'error', text }), {
  summary: 'Print to standard error as an error, with the place in the script.',
  example: 'interval:s:1 { errorf("nothing after %d s", 1); }',
});

const warnf = formatted('warnf', (text) => ({ kind: 'message', severity: 'warning', text }), {
  summary: 'Print to standard error as a warning, with the place in the script.',
  example: 'interval:s:1 { warnf("still waiting"); }',
});

const cat = request('cat', (path) => ({ kind: 'cat', path }), {
  summary: 'Print a file, at most max_cat_bytes of it. The path is a format.',
  example: 'interval:s:1 { cat("/proc/loadavg"); }',
});

const system: Builtin = {
  ...request('system', (command) => ({ kind: 'system', command }), {
    summary: 'Run a command through the shell and print its output; needs --unsafe. The command is a format.',
    example: 'interval:s:1 { system("date"); }',
  }),
  unsafe: true,
};

const print = defineFunction({
  name: 'print',
  signature: 'print(value) or print(@map[, top[, divisor]])',
  doc: {
    summary: 'Print a value, or a whole map: its `top` largest entries, divided by `divisor`.',
    example: 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); } interval:s:1 { print(@, 5); clear(@); }',
  },
  arity: [1, 3],
  mapArguments: [0],
  check(call) {
    const [first] = call.args;
    if (first?.kind === 'map-reference') {
      const top = call.args[1] === undefined ? 0n : literalInteger(call, 1, 0n, 0xffff_ffffn);
      const divisor = call.args[2] === undefined ? 0n : literalInteger(call, 2, 0n, 1n << 62n);
      return top === undefined || divisor === undefined ? errorType : noneType;
    }
    if (call.args.length > 1) {
      call.report.error(
        'print-arguments',
        call.span,
        `print() of a value takes one argument, and ${call.args.length} are given`,
        {
          hint: 'top and divisor are for whole maps: print(@map, 10)',
        },
      );
      return errorType;
    }
    return noneType;
  },
  event(call): EventShape {
    const [first, top, divisor] = call.args;
    if (first?.kind === 'map-reference') {
      return { values: [], literals: [first.map, constantOf(top), constantOf(divisor)] };
    }
    return { values: call.args, literals: [] };
  },
  handler(plan, host): EventHandler {
    const [map, top, divisor] = plan.literals;
    if (typeof map === 'string') {
      const action: Action = {
        kind: 'print-map',
        map,
        top: Number(top ?? 0n),
        divisor: typeof divisor === 'bigint' ? divisor : 0n,
      };
      return () => action;
    }
    return (view, offset, length) => {
      const [value] = decodeEvent(view, offset, length, plan.fields, plan.fixedSize, host.values);
      if (value === undefined) throw new Error('print event without a value');
      return { kind: 'value', value };
    };
  },
});

const time = defineFunction({
  name: 'time',
  startsWithText: true,
  signature: 'time([format])',
  doc: {
    summary: 'Print the wall-clock time in a format of strftime(3), by default "%H:%M:%S\\n".',
    example: 'interval:s:1 { time("%H:%M:%S "); print("tick"); }',
  },
  arity: [0, 1],
  check: (call) => (call.args.length === 1 && literalString(call, 0) === undefined ? errorType : noneType),
  event: (call) => ({ values: [], literals: [call.args.length === 0 ? '%H:%M:%S\n' : constantText(call.args[0])] }),
  handler(plan) {
    const format = timeFormatter(String(plan.literals[0]), 'libc');
    return () => ({ kind: 'text', type: 'time', text: format(BigInt(Date.now()) * 1_000_000n).slice(0, timeLimit) });
  },
});

/** time() has a buffer of 64 bytes in bpftrace (probes-and-stdlib.md, section 9.1). */
const timeLimit = 63;

/** At most this many strings are read from the vector. */
const joinLimit = 16;

const join = defineFunction({
  name: 'join',
  signature: 'join(argv[, separator])',
  doc: {
    summary: `Print the strings of an array of pointers that ends in NULL, at most ${joinLimit} of them, on one line.`,
    example: 'tracepoint:syscalls:sys_enter_execve { join(args.argv); }',
  },
  arity: [1, 2],
  check(call) {
    const fits = needsKind(call, 0, ['pointer', 'int'], 'a pointer to an array of strings');
    const separator = call.args[1] === undefined ? ' ' : literalString(call, 1);
    return fits && separator !== undefined ? noneType : errorType;
  },
  event(call): EventShape {
    const [argv, separator] = call.args;
    if (argv === undefined) throw new Error('join without argument');
    const space = argv.type.kind === 'pointer' ? argv.type.space : 'none';
    const values = Array.from({ length: joinLimit }, (_, index) => ({
      kind: 'vector-string' as const,
      vector: argv,
      index,
      space,
      type: { kind: 'string' as const, size: joinString },
      span: call.span,
    }));
    return { values, literals: [separator === undefined ? ' ' : constantText(separator)] };
  },
  handler(plan, host): EventHandler {
    const separator = String(plan.literals[0]);
    return (view, offset, length) => {
      const values = decodeEvent(view, offset, length, plan.fields, plan.fixedSize, host.values);
      const words = values.map((value) => (value.kind === 'string' ? value.bytes : ''));
      const end = words.indexOf('');
      return { kind: 'text', type: 'join', text: words.slice(0, end < 0 ? words.length : end).join(separator) };
    };
  },
});

/** Bytes of one string of join(). */
const joinString = 1024;

const exit = defineFunction({
  name: 'exit',
  signature: 'exit([status])',
  doc: {
    summary: 'End the run; maps are printed, and ebtrace exits with `status`.',
    example: 'interval:s:5 { exit(); }',
  },
  arity: [0, 1],
  endsProbe: true,
  check(call) {
    if (!needsKind(call, 0, ['int'], 'an exit status')) return errorType;
    const [status] = call.args;
    const value = status?.kind === 'constant' && typeof status.value === 'bigint' ? status.value : 0n;
    const kept = BigInt.asUintN(8, value);
    // -1 is a habit, and means what everybody expects of it.
    if (value !== kept && value !== -1n) {
      call.report.warning('exit-status', status?.span, `a process ends with 0 to 255: ${value} becomes ${kept}`);
    }
    return noneType;
  },
  emit(emit, call) {
    const [status] = call.args;
    emit.include('control.h');
    emit.c.line(`eb_exit(${status === undefined ? '0' : `(u32)(${emit.value(status).c})`});`);
    return { type: noneType, in: 'register', c: '' };
  },
  // The status is in eb_control as well, where it arrives even when the ring is full; the event keeps the order.
  event: (call) => ({ values: call.args, literals: [] }),
  handler(plan, host): EventHandler {
    return (view, offset, length) => {
      const [status] = decodeEvent(view, offset, length, plan.fields, plan.fixedSize, host.values);
      return { kind: 'exit', code: status?.kind === 'int' ? Number(BigInt.asUintN(8, status.value)) : 0 };
    };
  },
});

export const outputFunctions: readonly Builtin[] = [printf, errorf, warnf, print, time, cat, join, system, exit];

/** Text for the screen: what comes from the traced system is made harmless for a terminal. */
function formatted(name: string, act: (text: string) => Action | string, doc: Doc): Builtin {
  return withFormat(name, act, (host) => host.sanitize, doc);
}

/** Text that names a file or a command: exactly as it is. */
function request(name: string, act: (text: string) => Action, doc: Doc): Builtin {
  return withFormat(name, act, () => false, doc);
}

/** A function whose arguments are a format and values, and what to do with the text. */
function withFormat(
  name: string,
  act: (text: string) => Action | string,
  safe: (host: EventHost) => boolean,
  doc: Doc,
): Builtin {
  return defineFunction({
    name,
    doc,
    signature: `${name}(format, ...)`,
    arity: [1, 128],
    startsWithText: true,
    check: (call) => (checkFormatCall(call) === undefined ? errorType : noneType),
    event: (call) => ({ values: call.args.slice(1), literals: [constantText(call.args[0])] }),
    handler(plan: EventPlan, host: EventHost): EventHandler {
      const pieces = parseFormat(String(plan.literals[0]));
      const trailer = host.config.str_trunc_trailer;
      const format = compileEventFormatter(pieces, plan.fields, plan.fixedSize, trailer, host.values, {
        safe: safe(host),
      });
      return (view, offset, length) => act(format(view, offset, length));
    },
  });
}

function constantText(arg: TypedExpr | undefined): string {
  if (arg?.kind === 'constant' && typeof arg.value === 'string') return arg.value;
  throw new Error('the checker lets literals through only');
}

function constantOf(arg: TypedExpr | undefined): bigint {
  return arg?.kind === 'constant' && typeof arg.value === 'bigint' ? arg.value : 0n;
}
