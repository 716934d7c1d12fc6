/** x86-64. struct pt_regs: arch/x86/include/asm/ptrace.h; calling conventions: System V ABI and arch/x86/entry/entry_64.S. */
import type { ArchTable } from './arch-table.ts';

const members = [
  ['r15', 'r14', 'r13', 'r12', 'bp', 'bx', 'r11', 'r10', 'r9', 'r8'],
  ['ax', 'cx', 'dx', 'si', 'di', 'orig_ax', 'ip', 'cs', 'flags', 'sp', 'ss'],
].flat();

export const x86_64: ArchTable = {
  registers: {
    ...Object.fromEntries(members.map((name, i) => [name, i * 8])),
    // Other names that scripts use.
    orig_rax: 120,
    pc: 128,
  },
  argumentRegisters: ['di', 'si', 'dx', 'cx', 'r8', 'r9'],
  returnRegister: 'ax',
  programCounter: 'ip',
  stackPointer: 'sp',
  syscallArguments: ['di', 'si', 'dx', 'r10', 'r8', 'r9'],
  syscallNumber: 120,
  userMode: { register: 'cs', mask: 3, value: 3 },
  compatMode: undefined,
  instructionAlignment: 1,
  watchpointModes: ['w', 'rw', 'x'],
};
