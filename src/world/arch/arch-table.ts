/** What depends on the processor: one table file per architecture, and nothing of it anywhere else. */

/** Registers as the kernel keeps them at a probe (struct pt_regs), and who has which role in the C calling convention. */
export interface ArchTable {
  /** Bytes from the start of struct pt_regs, by the name that reg() takes. */
  readonly registers: { readonly [name: string]: number };
  /** Registers of integer arguments at the entry of a function, in order: arg0, arg1 ... */
  readonly argumentRegisters: readonly string[];
  /** Register of an integer result behind a return. */
  readonly returnRegister: string;
  readonly programCounter: string;
  readonly stackPointer: string;
  /** Registers of the arguments of a system call, in order. */
  readonly syscallArguments: readonly string[];
  /** Bytes from the start of struct pt_regs to the 32 bits of the number of the system call that the task is in. */
  readonly syscallNumber: number;
  /** Register that tells user mode by some bits: the privilege level in cs on x86, the exception level in pstate on arm64. */
  readonly userMode: { readonly register: string; readonly mask: number; readonly value: number };
  /**
   * Register whose bit tells that a task in a system call is a 32-bit program; undefined on x86, where 64-bit programs can
   * make 32-bit calls and thread_info tells.
   */
  readonly compatMode: { readonly register: string; readonly mask: number } | undefined;
  /** Bytes between places where an instruction may begin. */
  readonly instructionAlignment: number;
  /** Access modes that watchpoints may have: sorted letters of r, w, x. */
  readonly watchpointModes: readonly string[];
}
