/**
 * arm64. struct pt_regs starts as struct user_pt_regs (arch/arm64/include/uapi/asm/ptrace.h: regs[31], sp, pc, pstate), behind
 * it orig_x0 and syscallno (arch/arm64/include/asm/ptrace.h); calling convention: AAPCS64.
 */
import type { ArchTable } from './arch-table.ts';

const general = Array.from({ length: 31 }, (_, i) => `r${i}`);
const first = (count: number): readonly string[] => general.slice(0, count);

export const arm64: ArchTable = {
  registers: {
    ...Object.fromEntries([...general, 'sp', 'pc', 'pstate'].map((name, i) => [name, i * 8])),
    ...Object.fromEntries(general.map((_, i) => [`regs[${i}]`, i * 8])),
  },
  argumentRegisters: first(8),
  returnRegister: 'r0',
  programCounter: 'pc',
  stackPointer: 'sp',
  syscallArguments: first(6),
  syscallNumber: 280,
  // Level 0, for 32-bit programs too (user_mode() in asm/ptrace.h).
  userMode: { register: 'pstate', mask: 15, value: 0 },
  compatMode: { register: 'pstate', mask: 16 },
  instructionAlignment: 4,
  watchpointModes: ['r', 'w', 'rw', 'x'],
};
