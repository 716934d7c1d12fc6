/** Strings and buffers read from memory, and functions on strings. */
import type { Span } from '../../../grammar/source.ts';
import { at } from '../../c/c-type.ts';
import type { Type } from '../../types/type.ts';
import { errorType, stringType, uint64 } from '../../types/type.ts';
import type { CallExpr, TypedExpr } from '../../types/typed-tree.ts';
import type { Builtin, CallSite, CheckedCall, CValue, Emit, Place, StringSource } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { literalInteger, needsKind } from './arguments.ts';

/** From here on a string that fills max_strlen is cut without a mark, as in bpftrace. */
const unmarkedFrom = 1024;

const str = defineFunction({
  name: 'str',
  signature: 'str(pointer[, length])',
  doc: {
    summary: 'The NUL-terminated string at an address, at most max_strlen bytes with its NUL.',
    example: 'tracepoint:syscalls:sys_enter_openat { printf("%s\\n", str(args.filename)); }',
  },
  arity: [1, 2],
  check: checkStr,
  source(emit, call): StringSource | undefined {
    const [pointer, length] = call.args;
    if (pointer === undefined || keepsString(pointer, length)) return undefined;
    const most = pointer.type.kind === 'string' ? pointer.type.size : emit.config.max_strlen;
    const address = emit.value(pointer).c;
    const { read, helper } = stringReader(emit, pointer.type);
    if (length === undefined) {
      return { read, address, limit: most, capacity: most, marksCut: most < unmarkedFrom, helper };
    }
    if (length.kind === 'constant' && typeof length.value === 'bigint') {
      const limit = Math.min(Number(length.value), most);
      return { read, address, limit, capacity: limit, marksCut: false, helper };
    }
    const limit = emit.temporary('u64', `${emit.value(length).c}`);
    emit.c.line(`LIMIT(${limit}, ${most});`);
    return { read, address, limit, capacity: most, marksCut: false, helper };
  },
  emit(emit, call, into) {
    const [pointer, length] = call.args;
    if (pointer !== undefined && keepsString(pointer, length)) return emit.value(pointer, into);
    const source = str.source?.(emit, call);
    if (source === undefined || call.type.kind !== 'string') throw new Error('str of nothing');
    return readInto(emit, source, call.type.size, call.span, into);
  },
});

const buf = defineFunction({
  name: 'buf',
  signature: 'buf(pointer[, length])',
  doc: {
    summary: 'Bytes at an address; printed with %r, %rx or %rh.',
    example: 'tracepoint:syscalls:sys_enter_write { printf("%r\\n", buf(args.buf, args.count)); }',
  },
  arity: [1, 2],
  takesBytes: true,
  check(call): CheckedCall {
    const [source, length] = call.args;
    if (!needsKind(call, 0, ['pointer', 'int', 'array', 'string'], 'an address, an array or a string'))
      return errorType;
    const most = call.config.max_strlen - 4;
    if (length === undefined) {
      const size =
        source?.type.kind === 'array' || source?.type.kind === 'string' ? sizeOfSource(source.type) : undefined;
      if (size !== undefined) return { kind: 'buffer', size: Math.min(size, most) };
      call.report.error('buf-length', call.span, 'buf() of an address needs a length', { hint: 'buf(pointer, 64)' });
      return errorType;
    }
    if (!needsKind(call, 1, ['int'], 'a length')) return errorType;
    if (length.kind === 'constant' && literalInteger(call, 1, 0n, 1n << 31n) !== undefined) {
      return { kind: 'buffer', size: Math.min(Number(length.value), most) };
    }
    return { kind: 'buffer', size: most };
  },
  emit: emitBuf,
});

const strncmp = defineFunction({
  name: 'strncmp',
  signature: 'strncmp(a, b, n)',
  doc: {
    summary: '0 when the first n bytes of two strings are equal (or up to their end), else 1.',
    example: 'tracepoint:syscalls:sys_enter_openat /strncmp(comm, "ssh", 3) == 0/ { @ = count(); }',
  },
  arity: [3, 3],
  check(call) {
    if (!needsKind(call, 0, ['string'], 'a string') || !needsKind(call, 1, ['string'], 'a string')) return errorType;
    return literalInteger(call, 2, 0n, 65536n) === undefined ? errorType : uint64;
  },
  emit(emit, call) {
    const [a, b, n] = call.args;
    if (a?.type.kind !== 'string' || b?.type.kind !== 'string' || n?.kind !== 'constant')
      throw new Error('strncmp arguments');
    emit.include('strings.h');
    const left = emit.value(a);
    const right = emit.value(b);
    const length = Math.min(Number(n.value), a.type.size, b.type.size);
    const result = emit.temporary('u64', `!eb_string_equal(${left.c}, ${right.c}, ${length})`);
    return { type: uint64, in: 'register', c: result };
  },
});

export const stringFunctions: readonly Builtin[] = [str, buf, strncmp];

function checkStr(call: CallSite): CheckedCall {
  const [pointer, length] = call.args;
  const most = call.config.max_strlen;
  if (!needsKind(call, 0, ['pointer', 'int', 'string'], 'an address')) return errorType;
  if (!needsKind(call, 1, ['int'], 'a length')) return errorType;
  const text = pointer === undefined ? undefined : literalText(pointer);
  if (pointer?.type.kind === 'string' && text === undefined && keepsString(pointer, length)) return pointer.type;
  if (text !== undefined && length === undefined) return { constant: text, type: stringType(text.length + 1) };
  if (length?.kind !== 'constant' || typeof length.value !== 'bigint') {
    return pointer?.type.kind === 'string' ? pointer.type : stringType(most);
  }
  if (length.value < 0n) {
    call.report.error('str-length', length.span, `a length is not negative, and this is ${length.value}`);
    return errorType;
  }
  if (length.value > BigInt(most)) {
    call.report.warning(
      'str-shortened',
      length.span,
      `str() reads at most max_strlen bytes, so ${length.value} becomes ${most}`,
    );
  }
  if (text !== undefined) {
    // A literal keeps `length` bytes; a string that is read keeps one less, for its NUL.
    const cut = text.slice(0, Number(length.value));
    return { constant: cut, type: stringType(cut.length + 1) };
  }
  return stringType(Math.min(Number(length.value) + 1, most));
}

/** Text that is known when the script is compiled: a literal string or integer, a positional parameter. */
function literalText(value: TypedExpr): string | undefined {
  if (value.kind !== 'constant') return undefined;
  if (value.positional !== undefined) return value.positional;
  if (typeof value.value === 'string') return value.value;
  // An integer of a type of its own is an address, such as that of kaddr().
  return value.type.kind === 'int' && value.type.signed && typeof value.value === 'bigint'
    ? `${value.value}`
    : undefined;
}

/** True when str() of a string has nothing to cut. */
function keepsString(value: TypedExpr, length: TypedExpr | undefined): boolean {
  if (value.type.kind !== 'string') return false;
  if (length === undefined) return true;
  return length.kind === 'constant' && typeof length.value === 'bigint' && length.value >= BigInt(value.type.size);
}

/** Addresses without a space of their own are told apart by their sign: kernel addresses have the top bit set. */
function stringReader(emit: Emit, type: Type): { readonly read: string; readonly helper: string } {
  const space = type.kind === 'pointer' ? type.space : type.kind === 'string' ? 'kernel' : 'none';
  if (space === 'none') emit.include('read.h');
  const read = { kernel: 'bpf_probe_read_kernel_str', user: 'bpf_probe_read_user_str', none: 'eb_read_str' }[space];
  return { read, helper: space === 'none' ? 'probe_read_str' : read };
}

/** A string value: zeroed first, because keys are compared over their whole size. */
function readInto(emit: Emit, source: StringSource, size: number, span: Span, into: Place | undefined): CValue {
  const room = source.marksCut ? size + 1 : size;
  const place = into !== undefined && !source.marksCut ? into : emit.allocate(room);
  emit.zero(place, room);
  const limit = source.marksCut ? room : source.limit;
  const call = `${source.read}(${place.c}, ${limit}, (void *)(u64)(${source.address}))`;
  if (limit !== 0) {
    if (source.helper === undefined) emit.c.line(`${call};`);
    else emit.read(call, span, source.helper);
  }
  const value: CValue = { type: stringType(size), in: 'memory', c: place.c, align: place.align };
  if (into === undefined || place === into) return value;
  emit.copy(into, value, size);
  return { ...value, c: into.c, align: into.align };
}

function sizeOfSource(
  type:
    | { readonly kind: 'array'; readonly length: number; readonly of: { readonly kind: string } }
    | { readonly kind: 'string'; readonly size: number },
): number | undefined {
  if (type.kind === 'string') return type.size;
  const element = type.of;
  return element.kind === 'int' && 'bytes' in element && typeof element.bytes === 'number'
    ? type.length * element.bytes
    : undefined;
}

function emitBuf(emit: Emit, call: CallExpr, into?: Place): CValue {
  const [source, length] = call.args;
  if (source === undefined || call.type.kind !== 'buffer') throw new Error('buf of nothing');
  const { size } = call.type;
  const place = into ?? emit.allocate(size + 4);
  emit.zero(place, size + 4);
  const from = emit.value(source);
  const used = emit.temporary('u64', length === undefined ? `${size}` : emit.value(length).c);
  emit.c.line(`LIMIT(${used}, ${size});`);
  emit.c.line(`${at('u32', place.c, place.align)} = ${used};`);
  emit.include('read.h');
  const space = from.in === 'memory' ? 'kernel' : source.type.kind === 'pointer' ? source.type.space : 'none';
  const read = { kernel: 'bpf_probe_read_kernel', user: 'bpf_probe_read_user', none: 'eb_read' }[space];
  const helper = space === 'none' ? 'probe_read' : read;
  if (size > 0) emit.read(`${read}(${place.c} + 4, ${used}, (void *)(u64)(${from.c}))`, call.span, helper);
  return { type: call.type, in: 'memory', c: place.c, align: place.align };
}
