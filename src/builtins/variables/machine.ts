/** Where and when: CPU, clocks, random numbers, control group. */
import { uint64 } from '../../types/type.ts';
import type { Builtin, Doc } from '../builtin.ts';
import { defineVariable } from '../builtin.ts';

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
  defineVariable({
    name: 'nsecs',
    doc: {
      summary: 'Nanoseconds since boot, time asleep included (CLOCK_BOOTTIME).',
      example: 'tracepoint:syscalls:sys_enter_read { @start[tid] = nsecs; }',
    },
    check: () => uint64,
    emit: (emit) => ({ type: uint64, in: 'register', c: emit.temporary('u64', now(emit.world.features.ktimeBoot)) }),
  }),
  defineVariable({
    name: 'elapsed',
    doc: {
      summary: 'Nanoseconds since ebtrace started.',
      example: 'interval:s:1 { printf("%d s\\n", elapsed / 1000000000); }',
    },
    check: () => uint64,
    emit: (emit) => ({
      type: uint64,
      in: 'register',
      c: emit.temporary('u64', `${now(emit.world.features.ktimeBoot)} - eb_params.start_ns`),
    }),
  }),
];

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
