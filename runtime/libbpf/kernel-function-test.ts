/**
 * Does the kernel let programs of a type look up a task? That are functions of the kernel and no helpers (kfuncs), called by
 * their numbers in its BTF, and each is open to some types of programs. Asked by loading the smallest program that does it.
 */
import { openBtf } from '../../src/world/btf.ts';
import type { ProgramType } from '../../src/world/features.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { attachType } from './bpf-attr.ts';
import { type Instruction, isAccepted, returnZero } from './test-program.ts';

/** Numbers of functions in the BTF of the kernel. */
export interface TaskFunctions {
  /** bpf_task_from_pid() */
  readonly fromPid: number;
  /** bpf_task_release() */
  readonly release: number;
  /** bpf_iter_task(), which an iterator over tasks is loaded for. */
  readonly iterator: number;
}

/** Undefined when the kernel has no such functions, or no BTF. */
export function taskFunctions(files: HostFiles): TaskFunctions | undefined {
  const bytes = files.read('/sys/kernel/btf/vmlinux');
  const btf = bytes && openBtf(bytes);
  const fromPid = btf?.findFunction('bpf_task_from_pid');
  if (btf === undefined || fromPid === undefined) return undefined;
  const release = btf.findFunction('bpf_task_release');
  const iterator = btf.findFunction('bpf_iter_task');
  return release === undefined || iterator === undefined ? undefined : { fromPid, release, iterator };
}

export function canLookUpTask(type: ProgramType, { fromPid, release, iterator }: TaskFunctions): boolean {
  const program: readonly Instruction[] = [
    { opcode: 0xb7, registers: 0x01, immediate: 1 }, // r1 = 1
    callKernel(fromPid),
    { opcode: 0x15, offset: 2 }, // if r0 == 0 goto the end
    { opcode: 0xbf, registers: 0x01 }, // r1 = r0
    callKernel(release),
    ...returnZero,
  ];
  // Every kernel with such functions has iterators, while fentry needs a tracer of functions.
  const isIterator = type === 'tracing';
  return isAccepted(
    type,
    program,
    isIterator ? { expectedAttachType: attachType.iterator, attachTo: { program: 0, btfId: iterator } } : {},
  );
}

/** With BPF_PSEUDO_KFUNC_CALL (uapi/linux/bpf.h) as source register. */
function callKernel(btfId: number): Instruction {
  return { opcode: 0x85, registers: 0x20, immediate: btfId };
}
