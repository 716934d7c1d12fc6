/**
 * Stacks of the kernel: `kstack`, `kstack(mode)`, `kstack(limit)`, `kstack(mode, limit)`. The program asks the kernel for
 * the frames and keeps each stack once (bpf-helpers/stacks.h); the value is the stack's number.
 */
import type { StackMode, StackType } from '../../types/type.ts';
import { errorType } from '../../types/type.ts';
import type { CallExpr } from '../../types/typed-tree.ts';
import type { Builtin, CallSite, CheckedCall, CValue, Emit } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { literalInteger } from './arguments.ts';

/** The kernel's own default, sysctl kernel.perf_event_max_stack. */
const defaultLimit = 127;
const mostFrames = 1024n;

const frameModes: { readonly [mode: string]: StackMode | undefined } = {
  bpftrace: 'bpftrace',
  perf: 'perf',
  raw: 'raw',
};
/** The mode that only stacks of processes can have. */
const buildIds = 'build_id';

const kstack = defineFunction({
  name: 'kstack',
  variable: true,
  signature: 'kstack([mode,] [limit])',
  doc: {
    summary:
      'Stack of the kernel, the innermost function first; modes bpftrace, perf and raw say how frames are printed, limit how many there are (127, at most 1024).',
    example: 'profile:hz:99 { @[kstack(perf, 16)] = count(); }',
  },
  arity: [0, 2],
  words: [...Object.keys(frameModes), buildIds],
  readsContext: true,
  // That of a raw tracepoint begins with the functions that run the program.
  perfTracepoint: true,
  check: checkStack,
  emit: emitStack,
});

export const stackFunctions: readonly Builtin[] = [kstack];

function checkStack(call: CallSite): CheckedCall {
  if (call.probe.shape.type === 'xdp') {
    call.report.error(
      'stack-in-probe',
      call.span,
      `${call.name} cannot be used in ${call.probe.kind.name} probes: the kernel takes no stacks in programs of their type`,
    );
    return errorType;
  }
  const names = call.args.map((arg) => arg.kind === 'constant' && typeof arg.value === 'string');
  if (names[1] || (call.args.length === 2 && !names[0])) {
    call.report.error('stack-mode-first', call.span, `the mode of ${call.name}() comes first, then the limit`, {
      hint: `for example ${call.name}(perf, 5)`,
    });
    return errorType;
  }
  const mode = names[0] ? writtenMode(call) : configuredMode(call);
  const at = names[0] ? 1 : 0;
  const limit = call.args[at] === undefined ? BigInt(defaultLimit) : literalInteger(call, at, 0n, mostFrames);
  if (mode === undefined || limit === undefined) return errorType;
  return { kind: 'stack', mode, limit: Number(limit) };
}

function writtenMode(call: CallSite): StackMode | undefined {
  const [arg] = call.args;
  const name = arg?.kind === 'constant' ? String(arg.value) : '';
  const mode = frameModes[name];
  if (mode !== undefined) return mode;
  call.report.error(
    'stack-mode',
    arg?.span ?? call.span,
    name === buildIds
      ? 'functions of the kernel have no build ids: that mode is for ustack alone'
      : `there is no stack mode '${name}'`,
    { hint: `${call.name} knows the modes ${Object.keys(frameModes).join(', ')}` },
  );
  return undefined;
}

function configuredMode(call: CallSite): StackMode {
  const name = call.config.stack_mode;
  const mode = frameModes[name];
  if (mode !== undefined) return mode;
  call.report.warning(
    'stack-mode-config',
    call.span,
    `stack_mode is ${name}, which functions of the kernel do not have: ${call.name} prints bare addresses (raw)`,
    { hint: `${call.name}(bpftrace) or ${call.name}(perf) prints names` },
  );
  return 'raw';
}

function emitStack(emit: Emit, call: CallExpr): CValue {
  const { type } = call;
  if (type.kind !== 'stack') throw new Error(`${call.builtin} without its type`);
  return { type, in: 'register', c: type.limit === 0 ? '0' : emit.temporary('u64', stackNumber(emit, call, type)) };
}

function stackNumber(emit: Emit, call: CallExpr, { limit }: StackType): string {
  const size = limit * 8;
  const frames = emit.allocate(size).c;
  const read = emit.failureSite('stack', call.span, 'get_stack');
  const keep = emit.failureSite('stack-table', call.span, 'map_update_elem');
  const bytes = emit.temporary('long', `bpf_get_stack(ctx, ${frames}, ${size}, 0)`);
  return `${emit.stackTable(limit)}((u64 *)(${frames}), ${bytes}, ${read}, ${keep})`;
}
