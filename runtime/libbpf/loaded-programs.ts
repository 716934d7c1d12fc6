/**
 * The BPF programs that are loaded now, with the BTF that each of them carries: the kernel has no file about them, so they
 * are opened one by one (BPF_PROG_GET_NEXT_ID). Programs that end meanwhile are left out. 0.1 ms each.
 */
import type { LoadedProgram } from '../../src/world/bpf-programs.ts';
import { command, writeIdRequest } from './bpf-attr.ts';
import { type NativeMemory, native, textAt } from './native.ts';
import { canTrace } from './tracing-test.ts';

const ATTR_ROOM = 64;
/** Where the kernel writes to in our page. */
const INFO_AT = 64;

/** Offsets in struct bpf_prog_info of linux/bpf.h; from 5.0 on the kernel knows all of them. */
const PROGRAM = {
  size: 160,
  type: 0,
  jited: 16,
  name: 64,
  btf: 128,
  recordSize: 132,
  records: 136,
  count: 144,
} as const;
const NAME_ROOM = 16;
/** Offsets in struct bpf_btf_info. */
const BTF = { size: 16, data: 0, length: 8 } as const;

/** BPF_PROG_TYPE_TRACING and BPF_PROG_TYPE_EXT. */
const TRACING = 26;
const EXTENSION = 28;

/** In the order they were loaded; undefined when the kernel does not show them. */
export function loadedPrograms(): readonly LoadedProgram[] | undefined {
  const memory = native().allocate(4096);
  const objects = new Map<number, Uint8Array | undefined>();
  const found: LoadedProgram[] = [];
  try {
    for (let id = 0; ; ) {
      const status = request(memory, command.progGetNextId, id);
      if (status === -ENOENT) return found;
      if (status < 0) return undefined;
      id = memory.view.getUint32(4, true); // next_id
      const descriptor = request(memory, command.progGetFdById, id);
      if (descriptor === -ENOENT) continue;
      if (descriptor < 0) return undefined;
      const program = describe(memory, id, descriptor, objects);
      native().close(descriptor);
      if (program !== undefined) found.push(program);
    }
  } finally {
    memory.free();
  }
}

const ENOENT = 2;

/** A descriptor, 0, or -errno. */
function request(memory: NativeMemory, number: number, id: number): number {
  memory.bytes.fill(0, 0, ATTR_ROOM);
  return native().call('bpf', number, memory.address, writeIdRequest(memory.view, id));
}

function describe(
  memory: NativeMemory,
  id: number,
  descriptor: number,
  objects: Map<number, Uint8Array | undefined>,
): LoadedProgram | undefined {
  if (!readInfo(memory, descriptor, PROGRAM.size)) return undefined;
  const at = (offset: number): number => memory.view.getUint32(INFO_AT + offset, true);
  const [type, jited, btf, recordSize, count] = [
    at(PROGRAM.type),
    at(PROGRAM.jited),
    at(PROGRAM.btf),
    at(PROGRAM.recordSize),
    at(PROGRAM.count),
  ];
  const name = textAt(memory.bytes.subarray(INFO_AT + PROGRAM.name), NAME_ROOM);
  if (btf !== 0 && !objects.has(btf)) objects.set(btf, readBtf(memory, btf));
  const bytes = objects.get(btf);
  if (btf === 0 || bytes === undefined || count === 0) return { id, name, btf: undefined, functions: [] };
  const functions = readFunctions(memory, descriptor, recordSize, count);
  const obstacle = obstacleOf(type, jited, descriptor, functions[0]);
  return { id, name, btf: bytes, functions, ...(obstacle === undefined ? {} : { obstacle }) };
}

/** Whether programs that trace can be traced themselves differs between kernels, so the kernel is asked. */
function obstacleOf(type: number, jited: number, program: number, btfId = 0): string | undefined {
  if (jited === 0) return 'it is interpreted, not compiled to machine code (see net.core.bpf_jit_enable)';
  const mayRefuse = type === TRACING || type === EXTENSION;
  if (!mayRefuse || canTrace({ program, btfId })) return undefined;
  return type === TRACING
    ? 'it traces a function itself, and the kernel does not nest that'
    : 'it replaces a function of another program';
}

/** struct bpf_func_info {u32 insn_off, type_id}, with room for more. */
function readFunctions(memory: NativeMemory, descriptor: number, recordSize: number, count: number): readonly number[] {
  const records = native().allocate(recordSize * count);
  try {
    const prepare = ({ view }: NativeMemory): void => {
      view.setUint32(INFO_AT + PROGRAM.recordSize, recordSize, true);
      view.setUint32(INFO_AT + PROGRAM.count, count, true);
      view.setBigUint64(INFO_AT + PROGRAM.records, records.address, true);
    };
    if (!readInfo(memory, descriptor, PROGRAM.size, prepare)) return [];
    return Array.from({ length: count }, (_, i) => records.view.getUint32(i * recordSize + 4, true));
  } finally {
    records.free();
  }
}

function readBtf(memory: NativeMemory, id: number): Uint8Array | undefined {
  const descriptor = request(memory, command.btfGetFdById, id);
  if (descriptor < 0) return undefined;
  let data: NativeMemory | undefined;
  try {
    if (!readInfo(memory, descriptor, BTF.size)) return undefined;
    const length = memory.view.getUint32(INFO_AT + BTF.length, true);
    const room = native().allocate(length);
    data = room;
    const prepare = ({ view }: NativeMemory): void => {
      view.setBigUint64(INFO_AT + BTF.data, room.address, true);
      view.setUint32(INFO_AT + BTF.length, length, true);
    };
    return readInfo(memory, descriptor, BTF.size, prepare) ? room.bytes.slice(0, length) : undefined;
  } finally {
    data?.free();
    native().close(descriptor);
  }
}

/** BPF_OBJ_GET_INFO_BY_FD; `prepare` tells where larger things go. */
function readInfo(
  memory: NativeMemory,
  descriptor: number,
  size: number,
  prepare: (memory: NativeMemory) => void = () => undefined,
): boolean {
  memory.bytes.fill(0, 0, INFO_AT + size);
  memory.view.setUint32(0, descriptor, true); // info.bpf_fd
  memory.view.setUint32(4, size, true); // info.info_len
  memory.view.setBigUint64(8, memory.address + BigInt(INFO_AT), true); // info.info
  prepare(memory);
  return native().call('bpf', command.objGetInfoByFd, memory.address, 16) >= 0;
}
