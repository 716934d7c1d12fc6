/**
 * Tells the kernel which function a tracing program is for: its number in the BTF of vmlinux, of a module or of a BPF
 * program, which the compiler has found already. libbpf would look for the name, in vmlinux and then in each module, once for each program;
 * 1.1 cannot be told the module, and takes the first that has the name.
 */
import type { TracingTarget } from '../../src/program/attach-spec.ts';
import type { ProbePlan } from '../../src/program/program.ts';
import { RuntimeFailure } from '../bpf.ts';
import { programById } from './bpf-syscalls.ts';
import type { Libbpf } from './library.ts';
import { type NativeMemory, native, textAt } from './native.ts';

/** Offsets in struct bpf_prog_load_opts of bpf/bpf.h. */
const ATTACH_BTF_ID = 32;
const ATTACH_PROGRAM = 36;
const ATTACH_BTF_OBJECT = 40;
const OPTIONS_SIZE = 44;

/** Runs `work`, which opens and loads the object; the programs of `probes` get their functions. Throws RuntimeFailure. */
export function withTracingTargets<T>(libbpf: Libbpf, probes: readonly ProbePlan[], work: () => T): T {
  const targets = new Map(
    probes.flatMap(({ program, attach }) => (attach.kind === 'tracing' ? [[program, attach.target] as const] : [])),
  );
  if (targets.size === 0) return work();
  const modules = new ModuleBtf(libbpf);
  const programs = new Map<number, number>();
  try {
    for (const target of targets.values()) {
      if (target.program !== undefined)
        programs.set(target.program, programs.get(target.program) ?? openProgram(target));
      else if (target.module !== 'vmlinux') modules.open(target.module);
    }
    return libbpf.preparing((program, options) => {
      const target = targets.get(libbpf.text('bpf_program__name', program));
      if (target === undefined) return 0;
      const { buffer, byteOffset } = native().viewAt(options, OPTIONS_SIZE);
      const view = new DataView(buffer, byteOffset, OPTIONS_SIZE);
      view.setUint32(ATTACH_BTF_ID, target.btfId, true);
      if (target.program !== undefined) view.setUint32(ATTACH_PROGRAM, programs.get(target.program) ?? 0, true);
      else if (target.module !== 'vmlinux') view.setUint32(ATTACH_BTF_OBJECT, modules.open(target.module), true);
      return 0;
    }, work);
  } finally {
    modules.close();
    for (const descriptor of programs.values()) native().close(descriptor);
  }
}

/** The program that is traced. It stays until our link is closed. */
function openProgram({ program = 0, name }: TracingTarget): number {
  const descriptor = programById(program);
  if (descriptor >= 0) return descriptor;
  const why = descriptor === -ENOENT ? 'it has ended' : native().errorText(-descriptor);
  throw new RuntimeFailure(`the function ${name} of BPF program ${program} cannot be traced: ${why}`, {
    errno: -descriptor,
  });
}

const ENOENT = 2;

/** When the kernel does not even begin to check such a program; `words` are those of the system for `errno`. */
export function tracingRefusal({ name, program }: ProbePlan, errno: number, words: string): RuntimeFailure {
  return new RuntimeFailure(`this kernel has no fentry and fexit, so ${name} cannot be loaded: ${words}`, {
    errno,
    program,
    hint: 'fentry and fexit need Linux 5.5 or newer (arm64: 6.4) with BTF and ftrace; a kprobe or a tracepoint may do',
  });
}

/** Descriptors of the BTF of modules, by name. The kernel lists BTF objects by number only. */
class ModuleBtf {
  readonly #libbpf: Libbpf;
  #found: Map<string, number> | undefined;

  constructor(libbpf: Libbpf) {
    this.#libbpf = libbpf;
  }

  open(module: string): number {
    this.#found ??= this.#openAll();
    const descriptor = this.#found.get(module);
    if (descriptor !== undefined) return descriptor;
    throw new RuntimeFailure(`the type information (BTF) of the module ${module} cannot be used`, {
      hint: 'it is there from Linux 5.11 on, while the module is loaded',
    });
  }

  close(): void {
    for (const descriptor of this.#found?.values() ?? []) native().close(descriptor);
    this.#found = undefined;
  }

  #openAll(): Map<string, number> {
    const found = new Map<string, number>();
    const memory = native().allocate(256);
    try {
      for (let id = 0; this.#libbpf.number('bpf_btf_get_next_id', id, memory.address) === 0; ) {
        id = memory.view.getUint32(0, true);
        const descriptor = this.#libbpf.number('bpf_btf_get_fd_by_id', id);
        if (descriptor < 0) continue; // It is gone again.
        const name = this.#moduleName(descriptor, memory);
        if (name === undefined || found.has(name)) native().close(descriptor);
        else found.set(name, descriptor);
      }
    } finally {
      memory.free();
    }
    return found;
  }

  /** Undefined for the BTF of BPF programs, and where the kernel gives no names (before 5.11). */
  #moduleName(descriptor: number, memory: NativeMemory): string | undefined {
    // struct bpf_btf_info {u64 btf; u32 btf_size, id; u64 name; u32 name_len, kernel_btf} at 8, the name at 64.
    const [info, name, nameRoom] = [8, 64, 128];
    memory.bytes.fill(0);
    memory.view.setUint32(0, 32, true);
    memory.view.setBigUint64(info + 16, memory.address + BigInt(name), true);
    memory.view.setUint32(info + 24, nameRoom, true);
    const status = this.#libbpf.number(
      'bpf_obj_get_info_by_fd',
      descriptor,
      memory.address + BigInt(info),
      memory.address,
    );
    const isKernel = status === 0 && memory.view.getUint32(info + 28, true) === 1;
    return isKernel ? textAt(memory.bytes.subarray(name), nameRoom) : undefined;
  }
}
