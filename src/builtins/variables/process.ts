/** Who runs: ids and names of the current task. */
import type { Span } from '../../../grammar/source.ts';
import { boolType, errorType, stringType, symbolic, uint32, uint64 } from '../../types/type.ts';
import type { CallExpr, TypedExpr } from '../../types/typed-tree.ts';
import { taskLookup } from '../../world/features.ts';
import type { World } from '../../world/world.ts';
import type { Builtin, CallSite, CheckedCall, CValue, Doc, Emit, Place } from '../builtin.ts';
import { defineFunction, defineVariable } from '../builtin.ts';
import { needsKind } from '../functions/arguments.ts';

/** TASK_COMM_LEN of include/linux/sched.h. */
const commSize = 16;
/** As large as the results of other functions that give names. */
const foundCommSize = 64;

/** What pid() and tid() may be asked for: numbers of the first PID namespace, or of that of ebtrace. */
const namespaces = { first: 'init', own: 'curr_ns' } as const;

export const processVariables = [
  idVariable('pid', true, {
    summary:
      'Process id (thread group id), in the PID namespace of ebtrace; `pid(init)` is its number in the first namespace, `pid(curr_ns)` the same as `pid`.',
    example: 'tracepoint:sched:sched_process_exit { printf("%d %d\\n", pid, pid(init)); }',
  }),
  idVariable('tid', false, {
    summary: 'Thread id, in the PID namespace of ebtrace; `tid(init)` and `tid(curr_ns)` as with pid.',
    example: 'tracepoint:syscalls:sys_enter_openat { @start[tid] = nsecs; }',
  }),
  defineVariable({
    name: 'uid',
    doc: { summary: 'User id.', example: 'tracepoint:syscalls:sys_enter_execve { @[uid] = count(); }' },
    check: () => uint64,
    emit: (emit) => scalar(emit, 'bpf_get_current_uid_gid() & 0xffffffff'),
  }),
  defineVariable({
    name: 'gid',
    doc: { summary: 'Group id.', example: 'tracepoint:syscalls:sys_enter_execve { @[gid] = count(); }' },
    check: () => uint64,
    emit: (emit) => scalar(emit, 'bpf_get_current_uid_gid() >> 32'),
  }),
  defineVariable({
    name: 'username',
    doc: {
      summary: 'Name of the user, looked up in /etc/passwd when printed.',
      example: 'tracepoint:syscalls:sys_enter_execve { @[username] = count(); }',
    },
    check: () => symbolic('username'),
    emit: (emit) => ({ ...scalar(emit, 'bpf_get_current_uid_gid() & 0xffffffff'), type: symbolic('username') }),
  }),
  defineFunction({
    name: 'comm',
    signature: 'comm[(pid)]',
    variable: true,
    arity: [0, 1],
    // A function may be called from programs that cannot look up processes.
    needsProbe: 'with arguments',
    // Raw tracepoints may not call that function of the kernel before 7.2.
    perfTracepoint: 'with arguments',
    doc: {
      summary:
        'Name of the current thread, at most 15 bytes; `comm(pid)` is that of another process or thread, by its number in the first PID namespace, `N/A` (and a warning) when there is none. Linux 6.2 allows that in fentry, fexit and iter, 6.12 in tracepoint, profile, interval and other events, 7.2 in begin, end and rawtracepoint too.',
      example:
        'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); } tracepoint:signal:signal_generate { printf("%s -> %s\\n", comm, comm(args.pid)); }',
    },
    check: checkComm,
    emit: emitComm,
  }),
  defineVariable({
    name: 'cpid',
    doc: {
      summary: 'Process id of the child started by -c; 0 without.',
      example: 'tracepoint:raw_syscalls:sys_enter /pid == cpid/ { @ = count(); }',
    },
    check: () => uint64,
    emit(emit, call) {
      // The verifier knows eb_params, so the test costs nothing when there is a child.
      emit.c.line('if (!eb_params.cpid)');
      emit.c.line(`\t${emit.countFailure('cpid-zero', call.span, '0')}`);
      return scalar(emit, 'eb_params.cpid');
    },
  }),
  defineVariable({
    name: 'has_cpid',
    doc: {
      summary: 'True when -c started a child, so that cpid has a value.',
      example: 'tracepoint:raw_syscalls:sys_enter /!has_cpid || pid == cpid/ { @ = count(); }',
    },
    check: () => boolType,
    // Known to the verifier, which removes what can never run.
    emit: (emit) => ({ type: boolType, in: 'register', c: emit.temporary('u8', 'eb_params.cpid != 0') }),
  }),
];

/** pid or tid. */
function idVariable(name: string, group: boolean, doc: Doc): Builtin {
  return defineFunction({
    name,
    signature: `${name}[(namespace)]`,
    variable: true,
    arity: [0, 1],
    words: Object.values(namespaces),
    doc,
    check: checkNamespace,
    emit: (emit, call) => taskId(emit, `eb_${name}`, { group, own: namespaceOf(call) !== namespaces.first }),
  });
}

/** The name of any process takes a call of bpf_task_from_pid(), which is no helper: only some types of programs may. */
function checkComm(call: CallSite): CheckedCall {
  const { args, probe, world, report } = call;
  const [pid] = args;
  if (pid === undefined) return stringType(commSize);
  if (!needsKind(call, 0, ['int', 'enum'], 'the number of a process')) return errorType;
  warnAboutNamespace(call, pid);
  if (commOffset(world) !== undefined && world.features[taskLookup(probe.shape.type)]) return stringType(foundCommSize);
  report.error('comm-kernel', pid.span, `comm(PID) does not work in ${probe.kind.name} probes on this kernel`, {
    hint:
      'fentry, fexit and iter can look up a process since Linux 6.2; 6.12 lets tracepoint, profile, interval and other events do it, ' +
      '7.2 begin, end and rawtracepoint too. A pointer to a task has ->comm everywhere',
  });
  return errorType;
}

/** In a container the plain numbers are not those that the kernel looks up. */
function warnAboutNamespace({ world, report }: CallSite, pid: TypedExpr): void {
  const asked = pid.kind === 'convert' ? pid.operand : pid;
  const isOwn =
    asked.kind === 'call' && ['pid', 'tid'].includes(asked.builtin) && namespaceOf(asked) !== namespaces.first;
  if (!isOwn || world.features.initPidNamespace) return;
  report.warning(
    'comm-namespace',
    pid.span,
    `comm() takes numbers of the first PID namespace, and ${asked.builtin} is one of the namespace of ebtrace`,
    { hint: `write ${asked.builtin}(${namespaces.first})` },
  );
}

function commOffset(world: World): number | undefined {
  return world.kernelTypes()?.offsetOf('task_struct', ['comm']);
}

function checkNamespace(call: CallSite): CheckedCall {
  const [mode] = call.args;
  if (mode === undefined || Object.values<unknown>(namespaces).includes(namespaceOf(call))) return uint32;
  call.report.error('pid-namespace', mode.span, `${call.name}() takes the name of a PID namespace`, {
    hint: `${namespaces.first} is the first one, ${namespaces.own} that of ebtrace`,
  });
  return errorType;
}

function namespaceOf({ args: [mode] }: Pick<CallExpr, 'args'>): unknown {
  return mode?.kind === 'constant' ? mode.value : undefined;
}

interface WantedId {
  /** The process, not the thread. */
  readonly group: boolean;
  /** As seen from ebtrace's own PID namespace. */
  readonly own: boolean;
}

function taskId(emit: Emit, helper: string, { group, own }: WantedId): CValue {
  emit.include('process.h');
  if (own && !emit.world.features.initPidNamespace) {
    return { ...scalar(emit, `${helper}_in_namespace()`), type: uint32 };
  }
  const task = emit.taskAtHand();
  const member = emit.world.kernelTypes()?.offsetOf('task_struct', [group ? 'tgid' : 'pid']);
  if (task !== undefined && member !== undefined) {
    const name = emit.hoist(group ? 'tgid' : 'tid', 'u32', `*(u32 *)((u8 *)${task} + ${member})`);
    return { type: uint32, in: 'register', c: name };
  }
  const both = emit.hoist('pid_tgid', 'u64', 'bpf_get_current_pid_tgid()');
  return { type: uint32, in: 'register', c: group ? `(u32)(${both} >> 32)` : `(u32)${both}` };
}

function emitComm(emit: Emit, { args: [pid], span }: CallExpr, into?: Place): CValue {
  if (pid !== undefined) return emitCommOf(emit, pid, span, into);
  const place = into ?? emit.allocate(commSize);
  emit.c.line(`bpf_get_current_comm(${place.c}, ${commSize});`);
  return { type: stringType(commSize), in: 'memory', c: place.c, align: place.align };
}

function emitCommOf(emit: Emit, pid: TypedExpr, span: Span, into: Place | undefined): CValue {
  emit.include('tasks.h');
  const number = emit.temporary('s32', emit.value(pid).c);
  const place = into ?? emit.allocate(foundCommSize);
  emit.zero(place, foundCommSize);
  const offset = commOffset(emit.world);
  emit.c.line(`if (!eb_comm_of(${number}, ${offset}, ${place.c}, ${commSize})) {`);
  emit.c.line(`\t__builtin_memcpy(${place.c}, "N/A", 4);`);
  emit.c.line(`\t${emit.countFailure('no-process', span, number)}`);
  emit.c.line('}');
  return { type: stringType(foundCommSize), in: 'memory', c: place.c, align: place.align };
}

function scalar(emit: Emit, expression: string): CValue {
  return { type: uint64, in: 'register', c: emit.temporary('u64', expression) };
}
