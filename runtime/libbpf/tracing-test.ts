/** Does the kernel take a tracing program for a function of this BPF program? Asked by loading the smallest one. */
import { attachType } from './bpf-attr.ts';
import { isAccepted, returnZero } from './test-program.ts';

/** `program`: a descriptor; `btfId`: the function in the BTF of that program. */
export function canTrace(target: { readonly program: number; readonly btfId: number }): boolean {
  return isAccepted('tracing', returnZero, { expectedAttachType: attachType.fentry, attachTo: target });
}
