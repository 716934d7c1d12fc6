/**
 * Value -> text, the one rendering that print, printf's %s, map keys and map values share (language reference 14.1).
 * Texts are byte strings. printf formats are in printf.ts and event-formatter.ts.
 */
import { addressText } from './decode.ts';
import { assertNever } from './type.ts';
import type { NamedValue, Value } from './value.ts';

export interface TextOptions {
  /** Strings of the traced system may not carry control characters: set when the text goes to a terminal. */
  readonly safe?: boolean | undefined;
}

/** `trailer` (config str_trunc_trailer) is appended to strings that were cut. Histograms are the output's business. */
export function formatValue(value: Value, trailer: string, options: TextOptions = {}): string {
  return text(value, { marks: spacious, trailer, safe: options.safe === true });
}

/** Text of a map key between its brackets: the outer parentheses of a tuple are dropped. */
export function formatKey(key: Value, trailer: string, options: TextOptions = {}): string {
  return keyText(key, { marks: spacious, trailer, safe: options.safe === true });
}

/** A map key as JSON has it: as `formatKey`, without the blanks of our own punctuation. Strings keep theirs. */
export function compactKey(key: Value, trailer: string): string {
  return keyText(key, { marks: compact, trailer, safe: false });
}

/** Bytes of a buffer: printable ASCII (32 to 126) as it is, others as `\xNN`. */
export function escapeBytes(bytes: string): string {
  return bytes.replace(/[^ -~]/g, hexEscape);
}

/**
 * Control characters (but tab and newline) as `\xNN`, among them the C1 controls of Latin-1 and of UTF-8: what a traced
 * program has in its strings must not steer our user's terminal. Other bytes, such as UTF-8 sequences, pass.
 */
export function sanitize(bytes: string): string {
  if (!mayControl.test(bytes)) return bytes;
  return bytes.replace(sequencesAndControls, (match) =>
    match.length > 1 && !/^\xc2[\x80-\x9f]/.test(match) ? match : Array.from(match, hexEscape).join(''),
  );
}

const mayControl = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
/** Whole UTF-8 sequences come first, so that their continuation bytes are not taken for C1 controls. */
const sequencesAndControls =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x00-\x08\x0b-\x1f\x7f-\x9f]/g;

function hexEscape(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}

interface Style {
  readonly trailer: string;
  readonly safe: boolean;
  readonly marks: Punctuation;
}

interface Punctuation {
  readonly comma: string;
  readonly open: string;
  readonly close: string;
  readonly equals: string;
}

const spacious: Punctuation = { comma: ', ', open: '{ ', close: ' }', equals: ' = ' };
const compact: Punctuation = { comma: ',', open: '{', close: '}', equals: '=' };

function keyText(key: Value, style: Style): string {
  return key.kind === 'tuple' ? list(key.items, style.marks.comma, style) : text(key, style);
}

function text(value: Value, style: Style): string {
  switch (value.kind) {
    case 'int':
    case 'average':
      return integerText(value.value);
    case 'bool':
      return value.value ? 'true' : 'false';
    case 'pointer':
      return addressText(value.value);
    case 'enum':
      return value.name ?? value.value.toString();
    case 'string': {
      const bytes = style.safe ? sanitize(value.bytes) : value.bytes;
      return value.truncated ? bytes + style.trailer : bytes;
    }
    case 'buffer':
      return escapeBytes(value.bytes);
    case 'array':
      return `[${list(value.items, ',', style)}]`;
    case 'tuple':
      return `(${list(value.items, style.marks.comma, style)})`;
    case 'record':
      return recordText(value.fields, style);
    case 'text':
      return style.safe ? sanitize(value.text) : value.text;
    case 'stack': {
      const frames = style.marks === compact ? value.text.replace(/^ +/gm, '') : value.text;
      return style.safe ? sanitize(frames) : frames;
    }
    case 'stats':
      return recordText(
        [
          { name: 'count', value: { kind: 'int', value: value.count } },
          { name: 'average', value: { kind: 'int', value: value.average } },
          { name: 'total', value: { kind: 'int', value: value.total } },
        ],
        style,
      );
    case 'histogram':
      throw new Error('a histogram has rows, not one text');
    case 'none':
      return 'null';
    default:
      return assertNever(value);
  }
}

/** Numbers become text three times as fast as bigints. */
function integerText(value: bigint): string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? `${number}` : value.toString();
}

function list(items: readonly Value[], comma: string, style: Style): string {
  return items.map((item) => text(item, style)).join(comma);
}

function recordText(fields: readonly NamedValue[], style: Style): string {
  if (fields.length === 0) return '{}';
  const members = fields.map((field) => `.${field.name}${style.marks.equals}${text(field.value, style)}`);
  return style.marks.open + members.join(style.marks.comma) + style.marks.close;
}
