/**
 * Asks the running kernel what it can do: one test program per question, 0.1 to 0.4 ms each, asked when somebody
 * wants to know. Most scripts want to know nothing, so a cache file that only root may write would cost more than it
 * saves; within a process an answer is kept.
 */
import type { KernelFeatures } from '../src/world/features.ts';
import type { HostFiles } from '../src/world/host-files.ts';
import { canCallHelper } from './libbpf/helper-test.ts';
import { canLinkKprobes } from './libbpf/kprobe-link-test.ts';
import { canCreateHash } from './libbpf/map-test.ts';

/** PROC_PID_INIT_INO of include/linux/proc_ns.h. */
const INITIAL_PID_NAMESPACE = 0xeffffffcn;

/** Bytes, more than old kernels take. */
const LONG_KEY = 520;

/** Helper numbers of include/uapi/linux/bpf.h and the program type that has to be allowed to call them. */
const questions = {
  tracepointCookie: ['tracepoint', 174],
  rawTracepointCookie: ['rawTracepoint', 174],
  kprobeCookie: ['kprobe', 174],
  kprobeFunctionIp: ['kprobe', 173],
  bpfLoop: ['rawTracepoint', 181],
  mapLookupPercpu: ['rawTracepoint', 195],
  forEachMapElem: ['rawTracepoint', 164],
  ktimeBoot: ['rawTracepoint', 125],
  currentTaskBtf: ['rawTracepoint', 158],
  taskPtRegs: ['rawTracepoint', 175],
  structArguments: ['rawTracepoint', 208],
} as const;

type Question = keyof typeof questions;

/** Reading a member asks the kernel and throws RuntimeFailure when BPF may not be used. */
export function askKernel(files: HostFiles): KernelFeatures {
  const answers = new Map<Question, boolean>();
  const ask = (question: Question): boolean => {
    const known = answers.get(question);
    if (known !== undefined) return known;
    const [type, helper] = questions[question];
    const answer = canCallHelper(type, helper);
    answers.set(question, answer);
    return answer;
  };
  let longMapKeys: boolean | undefined;
  let kprobeMulti: boolean | undefined;
  let kprobeSession: boolean | undefined;
  return {
    get tracepointCookie() {
      return ask('tracepointCookie');
    },
    get rawTracepointCookie() {
      return ask('rawTracepointCookie');
    },
    get kprobeCookie() {
      return ask('kprobeCookie');
    },
    get kprobeFunctionIp() {
      return ask('kprobeFunctionIp');
    },
    get kprobeMulti() {
      kprobeMulti ??= canLinkKprobes('multi');
      return kprobeMulti;
    },
    get kprobeSession() {
      kprobeSession ??= canLinkKprobes('session');
      return kprobeSession;
    },
    get bpfLoop() {
      return ask('bpfLoop');
    },
    get mapLookupPercpu() {
      return ask('mapLookupPercpu');
    },
    get forEachMapElem() {
      return ask('forEachMapElem');
    },
    get longMapKeys() {
      longMapKeys ??= canCreateHash(LONG_KEY);
      return longMapKeys;
    },
    get ktimeBoot() {
      return ask('ktimeBoot');
    },
    get currentTaskBtf() {
      return ask('currentTaskBtf');
    },
    get taskPtRegs() {
      return ask('taskPtRegs');
    },
    get typedReads() {
      return ask('rawTracepointCookie');
    },
    get structArguments() {
      return ask('structArguments');
    },
    get recursionGuard() {
      return ask('forEachMapElem');
    },
    get initPidNamespace() {
      return files.stat('/proc/self/ns/pid')?.inode === INITIAL_PID_NAMESPACE;
    },
  };
}
