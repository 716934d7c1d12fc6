/**
 * Asks the running kernel what it can do: one test program per question, 0.1 to 0.4 ms each, asked when somebody
 * wants to know. Most scripts want to know nothing, so a cache file that only root may write would cost more than it
 * saves; within a process an answer is kept.
 */
import type { KernelFeatures, ProgramType } from '../src/world/features.ts';
import type { HostFiles } from '../src/world/host-files.ts';
import { once } from '../src/world/once.ts';
import { canCallHelper } from './libbpf/helper-test.ts';
import { canLookUpTask, taskFunctions } from './libbpf/kernel-function-test.ts';
import { canLinkKprobes } from './libbpf/kprobe-link-test.ts';
import { canCreateHash } from './libbpf/map-test.ts';

/** PROC_PID_INIT_INO of include/linux/proc_ns.h. */
const INITIAL_PID_NAMESPACE = 0xeffffffcn;

/** Bytes, more than old kernels take. */
const LONG_KEY = 520;

/** Reading a member asks the kernel and throws RuntimeFailure when BPF may not be used. */
export function askKernel(files: HostFiles): KernelFeatures {
  /** `number`: that of the helper in include/uapi/linux/bpf.h; `type`: the programs that have to be allowed to call it. */
  const helper = (type: ProgramType, number: number) => () => canCallHelper(type, number);
  const rawCookie = once(helper('raw_tracepoint', 174));
  const forEach = once(helper('raw_tracepoint', 164));
  const functions = once(() => taskFunctions(files));
  const lookUpTask = (type: ProgramType) => () => {
    const known = functions();
    return known !== undefined && canLookUpTask(type, known);
  };
  return askedOnce({
    tracepointCookie: helper('tracepoint', 174),
    rawTracepointCookie: rawCookie,
    kprobeCookie: helper('kprobe', 174),
    kprobeFunctionIp: helper('kprobe', 173),
    kprobeMulti: () => canLinkKprobes('multi'),
    kprobeSession: () => canLinkKprobes('session'),
    bpfLoop: helper('raw_tracepoint', 181),
    mapLookupPercpu: helper('raw_tracepoint', 195),
    forEachMapElem: forEach,
    longMapKeys: () => canCreateHash(LONG_KEY),
    ktimeBoot: helper('raw_tracepoint', 125),
    currentTaskBtf: helper('raw_tracepoint', 158),
    taskPtRegs: helper('raw_tracepoint', 175),
    typedReads: rawCookie,
    structArguments: helper('raw_tracepoint', 208),
    recursionGuard: forEach,
    initPidNamespace: () => files.stat('/proc/self/ns/pid')?.inode === INITIAL_PID_NAMESPACE,
    'taskFromPid:tracing': lookUpTask('tracing'),
    'taskFromPid:tracepoint': lookUpTask('tracepoint'),
    'taskFromPid:perf_event': lookUpTask('perf_event'),
    'taskFromPid:kprobe': lookUpTask('kprobe'),
    'taskFromPid:raw_tracepoint': lookUpTask('raw_tracepoint'),
    'taskFromPid:xdp': lookUpTask('xdp'),
  });
}

/** An object whose members are asked for when they are read first. */
function askedOnce<T extends object>(questions: { readonly [K in keyof T]: () => T[K] }): T {
  const answers = {} as T;
  for (const name of Object.keys(questions) as (keyof T)[]) {
    Object.defineProperty(answers, name, { enumerable: true, get: once(questions[name]) });
  }
  return answers;
}
