/** Who runs: ids and names of the current task. */
import { stringType, symbolic, uint32, uint64 } from '../../types/type.ts';
import type { CValue, Emit, Place } from '../builtin.ts';
import { defineVariable } from '../builtin.ts';

const commSize = 16;

export const processVariables = [
  defineVariable({
    name: 'pid',
    doc: {
      summary: 'Process id (thread group id), in the PID namespace of ebtrace.',
      example: 'tracepoint:sched:sched_process_exit { printf("%d\\n", pid); }',
    },
    check: () => uint32,
    emit: (emit) => taskId(emit, 'eb_pid', true),
  }),
  defineVariable({
    name: 'tid',
    doc: {
      summary: 'Thread id, in the PID namespace of ebtrace.',
      example: 'tracepoint:syscalls:sys_enter_openat { @start[tid] = nsecs; }',
    },
    check: () => uint32,
    emit: (emit) => taskId(emit, 'eb_tid', false),
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
  defineVariable({
    name: 'comm',
    doc: {
      summary: 'Name of the current thread, at most 15 bytes.',
      example: 'tracepoint:raw_syscalls:sys_enter { @[comm] = count(); }',
    },
    check: () => stringType(commSize),
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
];

function taskId(emit: Emit, helper: string, group: boolean): CValue {
  emit.include('process.h');
  if (!emit.world.features.initPidNamespace) return { ...scalar(emit, `${helper}_in_namespace()`), type: uint32 };
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
