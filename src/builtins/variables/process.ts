/** Who runs: ids and names of the current task. */
import { boolType, errorType, stringType, symbolic, uint32, uint64 } from '../../types/type.ts';
import type { CallExpr } from '../../types/typed-tree.ts';
import type { Builtin, CallSite, CheckedCall, CValue, Doc, Emit, Place } from '../builtin.ts';
import { defineFunction, defineVariable } from '../builtin.ts';

const commSize = 16;

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
    signature: 'comm',
    variable: true,
    arity: [0, 1],
    doc: {
      summary: 'Name of the current thread, at most 15 bytes.',
      example: 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }',
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

/** The name of any process takes a call of bpf_task_from_pid(), a function of the kernel that is no helper. */
function checkComm({ args: [pid], report }: CallSite): CheckedCall {
  if (pid === undefined) return stringType(commSize);
  report.error(
    'comm-of-process',
    pid.span,
    'comm(PID) is known from bpftrace, not available in this version of ebtrace',
    {
      hint: 'comm is the current thread, pcomm its parent; a pointer to a task has ->comm',
    },
  );
  return errorType;
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

function emitComm(emit: Emit, _call: unknown, into?: Place): CValue {
  const place = into ?? emit.allocate(commSize);
  emit.c.line(`bpf_get_current_comm(${place.c}, ${commSize});`);
  return { type: stringType(commSize), in: 'memory', c: place.c, align: place.align };
}

function scalar(emit: Emit, expression: string): CValue {
  return { type: uint64, in: 'register', c: emit.temporary('u64', expression) };
}
