/**
 * printf while the script runs: the pieces of a format and the fields of its event are compiled once into closures that
 * go from record bytes to text. Integers and strings do not become Values on the way. Two million events a second and
 * more pass here, see the measurements in number-fields.ts and byte-text.ts.
 */
import { latin1, lengthToNul } from './byte-text.ts';
import {
  bufferAt,
  decode,
  enumConstant,
  type RecordField,
  readInteger,
  tailBytes,
  tailText,
  tailWasCut,
  ValueFailure,
  type ValueHost,
} from './decode.ts';
import { escapeBytes, formatValue, sanitize, type TextOptions } from './format.ts';
import { gfpFlagsText } from './gfp-flags.ts';
import { cut, decimal, hex, numberReader, octal, prefixed, type Render, shapeOf, withPlus } from './number-fields.ts';
import type { Conversion, FormatPiece } from './printf.ts';
import type { Value } from './value.ts';

/** Text of the event record of `length` bytes at `offset`. Not reentrant. */
export type EventFormatter = (view: DataView, offset: number, length: number) => string;

/**
 * `fields` belong to the conversions in order; `checkFormat` has found no problem. `fixedSize` is where the tail
 * begins. With `safe`, arguments (not the format itself) are cleaned of control characters.
 */
export function compileEventFormatter(
  pieces: readonly FormatPiece[],
  fields: readonly RecordField[],
  fixedSize: number,
  trailer: string,
  host: ValueHost,
  options: TextOptions = {},
): EventFormatter {
  const tail: TailCursor = { at: 0, end: 0 };
  const context: Context = { trailer, host, safe: options.safe === true, tail };
  const { lead, renders, texts } = arrange(pieces, fields, context);
  const [first, second, third] = renders;
  const [afterFirst = '', afterSecond = '', afterThird = ''] = texts;
  if (first === undefined) return () => lead;
  if (fields.every((field) => field.storage === 'inline')) {
    // Unrolled: a loop over closures costs about a quarter of a short event.
    if (second === undefined) return (view, offset) => lead + first(view, offset) + afterFirst;
    if (third === undefined)
      return (view, offset) => lead + first(view, offset) + afterFirst + second(view, offset) + afterSecond;
    if (renders.length === 3)
      return (view, offset) =>
        lead + first(view, offset) + afterFirst + second(view, offset) + afterSecond + third(view, offset) + afterThird;
  }
  return (view, offset, length) => {
    tail.at = offset + fixedSize;
    tail.end = offset + length;
    let text = lead;
    for (let i = 0; i < renders.length; i++) text += (renders[i]?.(view, offset) ?? '') + texts[i];
    return text;
  };
}

/** Where the next string of the tail begins, and where the record ends; set anew for every event. */
interface TailCursor {
  at: number;
  end: number;
}

interface Context {
  readonly trailer: string;
  readonly host: ValueHost;
  readonly safe: boolean;
  readonly tail: TailCursor;
}

/** The text before the first conversion, and behind each conversion the text that follows it. */
function arrange(pieces: readonly FormatPiece[], fields: readonly RecordField[], context: Context) {
  let lead = '';
  const renders: Render[] = [];
  const texts: string[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'text') {
      if (renders.length === 0) lead += piece.text;
      else texts[texts.length - 1] += piece.text;
      continue;
    }
    const field = fields[renders.length];
    if (field === undefined) throw new Error(`no field for the conversion ${piece.text}`);
    renders.push(conversion(piece, field, context));
    texts.push('');
  }
  return { lead, renders, texts };
}

function conversion(piece: Conversion, field: RecordField, context: Context): Render {
  if (field.storage === 'tail') return padded(piece, tailString(field.offset, context));
  switch (piece.specifier) {
    case 'd':
    case 'i':
      return padded(piece, piece.plus ? withPlus(decimal(piece.bits, field, true)) : decimal(piece.bits, field, true));
    case 'u':
      return padded(piece, decimal(piece.bits, field, false));
    case 'x':
      return padded(piece, piece.alternate ? prefixed('0x', hex(piece.bits, field)) : hex(piece.bits, field));
    case 'X': {
      const digits = hex(piece.bits, field);
      const upper: Render = (view, record) => digits(view, record).toUpperCase();
      return padded(piece, piece.alternate ? prefixed('0X', upper) : upper);
    }
    case 'p':
      return padded(piece, prefixed('0x', hex(piece.bits, field)));
    case 'o':
      return padded(piece, piece.alternate ? prefixed('0', octal(piece.bits, field)) : octal(piece.bits, field));
    case 'c':
      return padded(piece, character(field, context));
    case 's':
      return natural(piece, field, context);
    case 'r':
      return padded(piece, bytesOf(field, escapeBytes));
    case 'rx':
      return padded(
        piece,
        bytesOf(field, (bytes) => hexBytes(bytes, '\\x', '')),
      );
    case 'rh':
      return padded(
        piece,
        bytesOf(field, (bytes) => hexBytes(bytes, '', ' ')),
      );
    case 'gr': {
      const read = bitsOfField(field);
      return padded(piece, (view, record) => gfpFlagsText(read(view, record)));
    }
    default:
      throw new Error(`%${piece.specifier} must have been rejected by checkFormat`);
  }
}

// ------------------------------------------------------------------------------------------------ padding

function padded(piece: Conversion, render: Render): Render {
  if (piece.width === 0) return render;
  return (view, record) => pad(piece, render(view, record));
}

function pad(piece: Conversion, text: string): string {
  const fill = piece.zero ? '0' : ' ';
  return piece.left ? text.padEnd(piece.width, fill) : text.padStart(piece.width, fill);
}

/** Of values with parts only what stands before their first part is padded. */
function padValue(piece: Conversion, value: Value, text: string): string {
  if (piece.width === 0) return text;
  const lead = leadLength(value);
  return lead === 0 ? pad(piece, text) : pad(piece, text.slice(0, lead)) + text.slice(lead);
}

function leadLength(value: Value): number {
  switch (value.kind) {
    case 'array':
    case 'tuple':
      return 1;
    case 'record':
    case 'stats':
      return 2;
    default:
      return 0;
  }
}

// ------------------------------------------------------------------------------------------------ texts

function character(field: RecordField, context: Context): Render {
  const read = cut(numberReader(field), 8, false);
  const plain: Render = (view, record) => String.fromCharCode(read(view, record));
  return context.safe ? (view, record) => sanitize(plain(view, record)) : plain;
}

function bitsOfField(field: RecordField): (view: DataView, at: number) => bigint {
  const { bytes } = shapeOf(field.type);
  return (view, record) => readInteger(view, record + field.offset, bytes, false);
}

/** %s: what print() would show. */
function natural(piece: Conversion, field: RecordField, context: Context): Render {
  const { type, offset } = field;
  switch (type.kind) {
    case 'int':
      return padded(piece, decimal(64, field, type.signed));
    case 'bool':
      return padded(piece, (view, record) => (view.getUint8(record + offset) === 0 ? 'false' : 'true'));
    case 'pointer': {
      const digits = hex(64, field);
      return padded(piece, (view, record) => `0x${digits(view, record)}`);
    }
    case 'enum': {
      const read = bitsOfField(field);
      return padded(piece, (view, record) => {
        const raw = read(view, record);
        return enumConstant(type, raw)?.name ?? raw.toString();
      });
    }
    case 'string':
      return padded(piece, inlineString(offset, type.size, context));
    case 'buffer':
      return padded(piece, bytesOf(field, escapeBytes));
    default:
      return anyValue(piece, field, context);
  }
}

function inlineString(offset: number, size: number, { safe, trailer }: Context): Render {
  return (view, record) => {
    const at = record + offset;
    const length = lengthToNul(view, at, size);
    const bytes = latin1(view, at, length);
    const text = safe ? sanitize(bytes) : bytes;
    return length === size && size > 0 ? text + trailer : text;
  };
}

function tailString(offset: number, { safe, trailer, tail }: Context): Render {
  return (view, record) => {
    const word = view.getUint32(record + offset, true);
    const start = tail.at;
    tail.at += tailBytes(word);
    try {
      const bytes = tailText(view, start, word, tail.end);
      const text = safe ? sanitize(bytes) : bytes;
      return tailWasCut(word) ? text + trailer : text;
    } catch (failure) {
      return failureText(failure);
    }
  };
}

function anyValue(piece: Conversion, field: RecordField, { host, trailer, safe }: Context): Render {
  return (view, record) => {
    try {
      const value = decode(view, record + field.offset, field.type, host);
      return padValue(piece, value, formatValue(value, trailer, { safe }));
    } catch (failure) {
      return failureText(failure);
    }
  };
}

function bytesOf(field: RecordField, render: (bytes: string) => string): Render {
  if (field.type.kind !== 'buffer') throw new Error(`a ${field.type.kind} is not a buffer`);
  const { size } = field.type;
  return (view, record) => render(bufferAt(view, record + field.offset, size));
}

function hexBytes(bytes: string, prefix: string, separator: string): string {
  return Array.from(bytes, (byte) => prefix + byte.charCodeAt(0).toString(16).padStart(2, '0')).join(separator);
}

/** Values that cannot be shown are named as such in the output; anything else is a bug of ours and goes on. */
function failureText(failure: unknown): string {
  if (failure instanceof ValueFailure) return `!{${failure.message}}`;
  throw failure;
}
