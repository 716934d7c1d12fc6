/** Does the kernel take a tracing program for a function of this BPF program? Asked by loading the smallest one. */
import { attachType, programType } from './bpf-attr.ts';
import { loadProgram } from './bpf-syscalls.ts';
import { native } from './native.ts';

/** `program`: a descriptor; `btfId`: the function in the BTF of that program. */
export function canTrace(target: { readonly program: number; readonly btfId: number }): boolean {
  const memory = native().allocate(128);
  try {
    // r0 = 0; exit.
    memory.view.setUint8(0, 0xb7);
    memory.view.setUint8(8, 0x95);
    const license = 64;
    memory.bytes.set(Buffer.from('GPL\0', 'latin1'), license);
    const result = loadProgram({
      type: programType.tracing,
      instructions: memory.address,
      instructionCount: 2,
      license: memory.address + BigInt(license),
      expectedAttachType: attachType.fentry,
      attachTo: target,
      log: 0n,
      logSize: 0,
    });
    if (result >= 0) native().close(result);
    return result >= 0;
  } finally {
    memory.free();
  }
}
