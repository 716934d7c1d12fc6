/**
 * Does the kernel let programs of a type look up a task? That are functions of the kernel and no helpers (kfuncs), called by
 * their numbers in its BTF, and each is open to some types of programs. Asked by loading the smallest program that does it.
 */
import { openBtf } from '../../src/world/btf.ts';
import type { ProgramType } from '../../src/world/features.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { attachType, programType } from './bpf-attr.ts';
import { loadProgram } from './bpf-syscalls.ts';
import { native } from './native.ts';

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

/** BPF_PSEUDO_KFUNC_CALL as source register of a call (uapi/linux/bpf.h). */
const KFUNC = 0x20;

export function canLookUpTask(type: ProgramType, { fromPid, release, iterator }: TaskFunctions): boolean {
  const memory = native().allocate(128);
  try {
    // An instruction is {u8 opcode; u8 registers: source << 4 | destination; s16 offset; s32 immediate}.
    const instructions: readonly (readonly [number, number, number, number])[] = [
      [0xb7, 0x01, 0, 1], // r1 = 1
      [0x85, KFUNC, 0, fromPid],
      [0x15, 0x00, 2, 0], // if r0 == 0 goto the end
      [0xbf, 0x01, 0, 0], // r1 = r0
      [0x85, KFUNC, 0, release],
      [0xb7, 0x00, 0, 0], // r0 = 0
      [0x95, 0x00, 0, 0], // exit
    ];
    instructions.forEach(([opcode, registers, offset, immediate], i) => {
      memory.view.setUint8(i * 8, opcode);
      memory.view.setUint8(i * 8 + 1, registers);
      memory.view.setInt16(i * 8 + 2, offset, true);
      memory.view.setInt32(i * 8 + 4, immediate, true);
    });
    const license = 64;
    memory.bytes.set(Buffer.from('GPL\0', 'latin1'), license);
    const result = loadProgram({
      type: programType[type],
      instructions: memory.address,
      instructionCount: instructions.length,
      license: memory.address + BigInt(license),
      // Every kernel with such functions has iterators, while fentry needs a tracer of functions.
      ...(type === 'tracing'
        ? { expectedAttachType: attachType.iterator, attachTo: { program: 0, btfId: iterator } }
        : {}),
      log: 0n,
      logSize: 0,
    });
    if (result >= 0) native().close(result);
    return result >= 0;
  } finally {
    memory.free();
  }
}
