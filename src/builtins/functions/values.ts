/** Network addresses, times, control groups: values that user space turns into text. */
import { at } from '../../c/c-type.ts';
import { sizeOf, symbolicOffsets } from '../../types/layout.ts';
import { errorType, symbolic, uint64 } from '../../types/type.ts';
import type { CallExpr } from '../../types/typed-tree.ts';
import type { Builtin, CheckedCall, CValue, Emit, Place } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { describe, literalString, needsKind } from './arguments.ts';

const macSize = sizeOf(symbolic('mac'));
const familyInet = 2;
const familyInet6 = 10;

const ntop = defineFunction({
  name: 'ntop',
  signature: 'ntop([family,] address)',
  doc: {
    summary: 'An IPv4 or IPv6 address as text; an integer is IPv4 in network byte order.',
    example: 'begin { print(ntop(0x0100007f)); }',
  },
  arity: [1, 2],
  takesBytes: true,
  check(call): CheckedCall {
    const at = call.args.length - 1;
    if (at === 1 && !needsKind(call, 0, ['int'], 'an address family')) return errorType;
    if (!needsKind(call, at, ['int', 'array', 'string', 'enum'], 'an address')) return errorType;
    const type = call.args[at]?.type;
    if (type?.kind === 'array' || type?.kind === 'string') {
      const size = sizeOf(type);
      if (size !== 4 && size !== 16) {
        call.report.error(
          'ntop-size',
          call.args[at]?.span ?? call.span,
          `an address has 4 or 16 bytes, and this has ${size}`,
        );
        return errorType;
      }
    }
    return symbolic('inet');
  },
  emit: emitNtop,
});

const macaddr = defineFunction({
  name: 'macaddr',
  signature: 'macaddr(address)',
  doc: { summary: 'Six bytes as a hardware address.', example: 'begin { print(macaddr(0)); }' },
  arity: [1, 1],
  takesBytes: true,
  check(call): CheckedCall {
    if (!needsKind(call, 0, ['pointer', 'int', 'array', 'string'], 'six bytes or their address')) return errorType;
    const arg = call.args[0];
    const short = (arg?.type.kind === 'array' || arg?.type.kind === 'string') && sizeOf(arg.type) < macSize;
    if (short || (arg?.kind === 'constant' && typeof arg.value === 'string')) {
      call.report.error(
        'macaddr-size',
        arg?.span ?? call.span,
        `a hardware address has ${macSize} bytes, and this is ${arg === undefined ? 'nothing' : describe(arg)}`,
      );
      return errorType;
    }
    return symbolic('mac');
  },
  emit(emit, call, into) {
    const [source] = call.args;
    if (source === undefined) throw new Error('macaddr without address');
    const from = emit.value(source);
    const place = into ?? emit.allocate(macSize);
    if (from.in === 'memory') emit.copy(place, from, macSize);
    else {
      emit.include('read.h');
      const space = source.type.kind === 'pointer' ? source.type.space : 'none';
      const read = { kernel: 'bpf_probe_read_kernel', user: 'bpf_probe_read_user', none: 'eb_read' }[space];
      const helper = space === 'none' ? 'probe_read' : read;
      emit.read(`${read}(${place.c}, ${macSize}, (void *)(u64)(${from.c}))`, call.span, helper);
    }
    return { type: symbolic('mac'), in: 'memory', c: place.c, align: place.align };
  },
});

const bswap = defineFunction({
  name: 'bswap',
  signature: 'bswap(number)',
  doc: {
    summary: 'The bytes of an integer in reverse order, for numbers as they travel through networks; unsigned.',
    example: 'begin { $port = (uint16)0x901f; print(bswap($port)); }',
  },
  arity: [1, 1],
  check(call): CheckedCall {
    if (!needsKind(call, 0, ['int'], 'an integer')) return errorType;
    const type = call.args[0]?.type;
    return type?.kind === 'int' ? { ...type, signed: false } : errorType;
  },
  emit(emit, call) {
    const [source] = call.args;
    const { type } = call;
    if (source === undefined || type.kind !== 'int') throw new Error('bswap without an integer');
    const value = emit.value(source).c;
    const bits = type.bytes * 8;
    // A byte stays what it is, but for its sign.
    const swapped = bits === 8 ? `(u8)(${value})` : `__builtin_bswap${bits}((u${bits})(${value}))`;
    return { type, in: 'register', c: emit.temporary(`u${bits}`, swapped) };
  },
});

/** `mode` of a timestamp: the clock of its nanoseconds; 0 is that of no time. */
const bootClock = 1;

const strftime = defineFunction({
  name: 'strftime',
  startsWithText: true,
  signature: 'strftime(format, nsecs)',
  doc: {
    summary: 'A time of nsecs as text, in a format of strftime(3); %f is microseconds.',
    example: 'tracepoint:sched:sched_process_exec { printf("%s %s\\n", strftime("%H:%M:%S.%f", nsecs), comm); }',
  },
  arity: [2, 2],
  check(call): CheckedCall {
    if (literalString(call, 0) === undefined || !needsKind(call, 1, ['int'], 'nanoseconds')) return errorType;
    return symbolic('timestamp');
  },
  emit(emit, call, into) {
    const [format, time] = call.args;
    if (format?.kind !== 'constant' || time === undefined) throw new Error('strftime arguments');
    const nanoseconds = emit.value(time).c;
    const place = into ?? emit.allocate(sizeOf(symbolic('timestamp')));
    const { timestamp } = symbolicOffsets;
    const member = (cType: string, offset: number): string => at(cType, `${place.c} + ${offset}`, place.align);
    emit.c.line(`${member('u32', timestamp.format)} = ${emit.stringId(String(format.value))};`);
    emit.c.line(`${member('u32', timestamp.mode)} = ${bootClock};`);
    emit.c.line(`${member('u64', timestamp.nanoseconds)} = ${nanoseconds};`);
    return { type: symbolic('timestamp'), in: 'memory', c: place.c, align: place.align };
  },
});

const cgroupid = defineFunction({
  name: 'cgroupid',
  startsWithText: true,
  signature: 'cgroupid("path")',
  doc: {
    summary: 'Id of the control group (version 2) of a directory.',
    example: 'tracepoint:raw_syscalls:sys_enter /cgroup == cgroupid("/sys/fs/cgroup")/ { @ = count(); }',
  },
  arity: [1, 1],
  check(call): CheckedCall {
    const path = literalString(call, 0);
    if (path === undefined) return errorType;
    const id = call.world.cgroupId(path);
    if (id !== undefined) return { constant: id, type: uint64 };
    call.report.error(
      'cgroup-unknown',
      call.args[0]?.span ?? call.span,
      `'${path}' is not a directory, so it is no control group`,
    );
    return errorType;
  },
});

export const valueFunctions: readonly Builtin[] = [ntop, bswap, macaddr, strftime, cgroupid];

function emitNtop(emit: Emit, call: CallExpr, into?: Place): CValue {
  const [first, second] = call.args;
  const address = second ?? first;
  if (address === undefined || first === undefined) throw new Error('ntop without address');
  const value = emit.value(address);
  const size = value.in === 'memory' ? sizeOf(value.type) : 4;
  const family = second === undefined ? `${size === 16 ? familyInet6 : familyInet}` : emit.value(first).c;
  const { inet } = symbolicOffsets;
  const place = into ?? emit.allocate(sizeOf(symbolic('inet')));
  emit.zero(place, sizeOf(symbolic('inet')));
  emit.c.line(`${at('u64', `${place.c} + ${inet.family}`, place.align)} = ${family};`);
  if (value.in === 'memory') emit.copy({ c: `(${place.c} + ${inet.address})`, align: place.align }, value, size);
  else emit.c.line(`${at('u32', `${place.c} + ${inet.address}`, place.align)} = (u32)(${value.c});`);
  return { type: symbolic('inet'), in: 'memory', c: place.c, align: place.align };
}
