/** Where and when: CPU, clocks, random numbers, control group. */
import { errorType, uint64 } from '../../types/type.ts';
import type { Builtin, CallSite, CheckedCall, Doc } from '../builtin.ts';
import { defineFunction, defineVariable } from '../builtin.ts';

export const machineVariables = [
  counter('cpu', 'bpf_get_smp_processor_id()', {
    summary: 'Number of the CPU.',
    example: 'profile:hz:99 { @[cpu] = count(); }',
  }),
  counter('ncpus', 'eb_params.ncpus', {
    summary: 'Number of possible CPUs.',
    example: 'begin { printf("%d CPUs\\n", ncpus); }',
  }),
  counter('numaid', 'bpf_get_numa_node_id()', {
    summary: 'Number of the NUMA node that the CPU belongs to.',
    example: 'profile:hz:99 { @[numaid] = count(); }',
  }),
  counter('jiffies', 'bpf_jiffies64()', {
    summary: 'The tick counter of the kernel, 64 bits wide.',
    example: 'interval:s:1 { printf("%d ticks\\n", jiffies); }',
  }),
  counter('rand', 'bpf_get_prandom_u32()', {
    summary: 'Random 32-bit number.',
    example: 'tracepoint:raw_syscalls:sys_enter /rand % 100 == 0/ { @[comm] = count(); }',
  }),
  counter('cgroup', 'bpf_get_current_cgroup_id()', {
    summary: 'Id of the control group (version 2) of the current process.',
    example: 'tracepoint:raw_syscalls:sys_enter { @[cgroup] = count(); }',
  }),
  defineFunction({
    name: 'nsecs',
    signature: 'nsecs[(boot)]',
    variable: true,
    arity: [0, 1],
    words: ['boot', 'monotonic', 'tai', 'sw_tai'],
    doc: {
      summary: 'Nanoseconds since boot, time asleep included (CLOCK_BOOTTIME); `nsecs(boot)` is the same.',
      example: 'tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; }',
    },
    check: checkClock,
    emit: (emit) => ({ type: uint64, in: 'register', c: emit.temporary('u64', now(emit.world.features.ktimeBoot)) }),
  }),
  defineVariable({
    name: 'elapsed',
    doc: {
      summary: 'Nanoseconds since the script was loaded, just before its begin bodies ran.',
      example: 'interval:s:1 { printf("%d s\\n", elapsed / 1000000000); }',
    },
    check: () => uint64,
    emit(emit) {
      emit.include('control.h');
      const since = emit.temporary('u64', `${now(emit.world.features.ktimeBoot)} - eb_control.start_ns`);
      return { type: uint64, in: 'register', c: since };
    },
  }),
];

/** Other clocks than that of the boot are known words, so that their use is refused with the reason. */
function checkClock({ args: [mode], report, span }: CallSite): CheckedCall {
  if (mode === undefined || (mode.kind === 'constant' && mode.value === 'boot')) return uint64;
  report.error('clock-mode', span, 'nsecs() reads the boot clock only in this version of ebtrace', {
    hint: 'nsecs is what strftime() takes; differences of times are the same by any clock while the machine is awake',
  });
  return errorType;
}

function counter(name: string, expression: string, doc: Doc): Builtin {
  return defineVariable({
    name,
    doc,
    check: () => uint64,
    emit: (emit) => ({ type: uint64, in: 'register', c: emit.temporary('u64', expression) }),
  });
}

function now(boot: boolean): string {
  return boot ? 'bpf_ktime_get_boot_ns()' : 'bpf_ktime_get_ns()';
}
