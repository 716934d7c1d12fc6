/**
 * Integers of event records as text, without a Value on the way: the number half of event-formatter.ts. Doubles are
 * avoided, because V8 prints them slower than BigInts. Each function compiles one field and one set of conversion rules into a closure.
 */
import type { RecordField } from './decode.ts';
import { assertNever, type Type } from './type.ts';

/** `record` is where the record begins in the view. */
export type Render = (view: DataView, record: number) => string;

/** How many bits C's length modifier leaves of a value. */
export type Bits = 8 | 16 | 32 | 64;

/** A value of at most 32 bits, as an exact number; or the two halves of one of 64 bits, `high` as int32. */
type NumberReader =
  | { readonly wide: false; readonly read: (view: DataView, at: number) => number }
  | {
      readonly wide: true;
      readonly high: (view: DataView, at: number) => number;
      readonly low: (view: DataView, at: number) => number;
    };

export function numberReader(field: RecordField): NumberReader {
  const { type, offset } = field;
  const { bytes, signed } = shapeOf(type);
  switch (bytes) {
    case 1:
      if (type.kind === 'bool') return narrow((view, record) => (view.getUint8(record + offset) === 0 ? 0 : 1));
      return narrow(
        signed ? (view, record) => view.getInt8(record + offset) : (view, record) => view.getUint8(record + offset),
      );
    case 2:
      return narrow(
        signed
          ? (view, record) => view.getInt16(record + offset, true)
          : (view, record) => view.getUint16(record + offset, true),
      );
    case 4:
      return narrow(
        signed
          ? (view, record) => view.getInt32(record + offset, true)
          : (view, record) => view.getUint32(record + offset, true),
      );
    case 8:
      return {
        wide: true,
        high: (view, record) => view.getInt32(record + offset + 4, true),
        low: (view, record) => view.getUint32(record + offset, true),
      };
    default:
      return assertNever(bytes);
  }
}

function narrow(read: (view: DataView, at: number) => number): NumberReader {
  return { wide: false, read };
}

export function shapeOf(type: Type): { readonly bytes: 1 | 2 | 4 | 8; readonly signed: boolean } {
  switch (type.kind) {
    case 'int':
      return type;
    case 'bool':
      return { bytes: 1, signed: false };
    case 'enum':
      return { bytes: type.bytes, signed: false };
    case 'pointer':
      return { bytes: 8, signed: false };
    default:
      throw new Error(`a ${type.kind} is not a number`);
  }
}

/** The low `bits` (32 at most) of any number field, cut as C's conversions cut. */
export function cut(reader: NumberReader, bits: 8 | 16 | 32, signed: boolean): (view: DataView, at: number) => number {
  const low = reader.wide ? reader.low : reader.read;
  const shift = 32 - bits;
  return signed
    ? (view, record) => (low(view, record) << shift) >> shift
    : (view, record) => (low(view, record) << shift) >>> shift;
}

export function decimal(bits: Bits, field: RecordField, signed: boolean): Render {
  const reader = numberReader(field);
  if (bits !== 64) {
    const read = cut(reader, bits, signed);
    return (view, record) => `${read(view, record)}`;
  }
  const { offset } = field;
  if (reader.wide) return signed ? signedWide(offset) : unsignedWide(offset);
  const { read } = reader;
  if (signed) return (view, record) => `${read(view, record)}`;
  return (view, record) => {
    const value = read(view, record);
    return value >= 0 ? `${value}` : BigInt.asUintN(64, BigInt(value)).toString();
  };
}

/** What fits in 31 bits takes the fast way of small integers (20 ns), the rest is printed as BigInt (60 ns). */
function signedWide(offset: number): Render {
  return (view, record) => {
    const low = view.getInt32(record + offset, true);
    if (view.getInt32(record + offset + 4, true) === low >> 31) return `${low}`;
    return view.getBigInt64(record + offset, true).toString();
  };
}

function unsignedWide(offset: number): Render {
  return (view, record) => {
    const low = view.getInt32(record + offset, true);
    if (low >= 0 && view.getInt32(record + offset + 4, true) === 0) return `${low}`;
    return view.getBigUint64(record + offset, true).toString();
  };
}

export function hex(bits: Bits, field: RecordField): Render {
  const reader = numberReader(field);
  if (bits !== 64) {
    const read = cut(reader, bits, false);
    return (view, record) => shortHex(read(view, record));
  }
  const halves = halvesOf(reader);
  return (view, record) => hexText(halves.high(view, record) >>> 0, halves.low(view, record));
}

export function octal(bits: Bits, field: RecordField): Render {
  const reader = numberReader(field);
  if (bits !== 64) {
    const read = cut(reader, bits, false);
    return (view, record) => read(view, record).toString(8);
  }
  const halves = halvesOf(reader);
  return (view, record) => {
    const high = halves.high(view, record) >>> 0;
    const low = halves.low(view, record);
    return high === 0 ? low.toString(8) : join(high, low).toString(8);
  };
}

/** Any number field as halves, sign-extended to 64 bits. */
function halvesOf(reader: NumberReader): Extract<NumberReader, { wide: true }> {
  if (reader.wide) return reader;
  const { read } = reader;
  return {
    wide: true,
    high: (view, record) => (read(view, record) < 0 ? -1 : 0),
    low: (view, record) => read(view, record) >>> 0,
  };
}

function hexText(high: number, low: number): string {
  if (high === 0) return shortHex(low);
  return (
    shortHex(high) +
    hexBytes[low >>> 24] +
    hexBytes[(low >>> 16) & 0xff] +
    hexBytes[(low >>> 8) & 0xff] +
    hexBytes[low & 0xff]
  );
}

/** An unsigned 32-bit number without leading zeros. Number's own toString(16) takes four times as long. */
function shortHex(n: number): string {
  const last = hexBytes[n & 0xff];
  if (n < 0x100) return n.toString(16);
  if (n < 0x1_0000) return `${(n >>> 8).toString(16)}${last}`;
  if (n < 0x100_0000) return `${(n >>> 16).toString(16)}${hexBytes[(n >>> 8) & 0xff]}${last}`;
  return `${(n >>> 24).toString(16)}${hexBytes[(n >>> 16) & 0xff]}${hexBytes[(n >>> 8) & 0xff]}${last}`;
}

const hexBytes = Array.from({ length: 256 }, (_, n) => n.toString(16).padStart(2, '0'));

function join(high: number, low: number): bigint {
  return (BigInt(high) << 32n) | BigInt(low);
}

export function withPlus(render: Render): Render {
  return (view, record) => {
    const text = render(view, record);
    return text.startsWith('-') ? text : `+${text}`;
  };
}

/** C prints no prefix before zero. */
export function prefixed(prefix: string, render: Render): Render {
  return (view, record) => {
    const digits = render(view, record);
    return digits === '0' ? digits : prefix + digits;
  };
}
