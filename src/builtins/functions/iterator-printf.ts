/**
 * printf() in a pinned iterator: bpf_seq_printf() writes into the file that is being read, so the kernel does the
 * formatting. It knows decimal and hexadecimal numbers and strings of ASCII, and takes at most twelve values, each a
 * 64-bit word (kernel/trace/bpf_trace.c, kernel/bpf/helpers.c).
 */
import { scalarCType } from '../../c/c-type.ts';
import type { FormatPiece } from '../../types/printf.ts';
import { parseFormat } from '../../types/printf.ts';
import { type Type, typeName } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import type { DetachedForm } from '../builtin.ts';

/** MAX_BPRINTF_VARARGS of include/linux/bpf.h. */
const mostValues = 12;

export const iteratorPrintf: DetachedForm = {
  check(call) {
    const [format, ...values] = call.args;
    const refuse = (span: TypedExpr['span'], what: string): false => {
      call.report.error('detached-format', span, `the kernel formats this text, and it cannot print ${what}`, {
        hint: 'it prints integers and pointers with %d, %i, %u, %x, %X, %p and strings with %s',
      });
      return false;
    };
    if (format === undefined) return false;
    if (values.length > mostValues) return refuse(call.span, `more than ${mostValues} values`);
    const pieces = parseFormat(textOf(format));
    let next = 0;
    for (const piece of pieces) {
      if (piece.kind === 'text') {
        if (/[^\t\n\r -~]/.test(piece.text)) return refuse(format.span, 'other text than ASCII');
        continue;
      }
      const value = values[next++];
      if (value !== undefined && kernelConversion(piece, value.type) === undefined) {
        return refuse(value.span, `${typeName(value.type)} with '${piece.text}'`);
      }
    }
    return true;
  },
  emit(emit, call) {
    const [format, ...values] = call.args;
    if (format === undefined) return;
    emit.include('iterator.h');
    const conversions: string[] = [];
    const words: string[] = [];
    for (const piece of parseFormat(textOf(format))) {
      if (piece.kind === 'text') {
        conversions.push(piece.text.replaceAll('%', '%%'));
        continue;
      }
      const value = values[words.length];
      if (value === undefined) continue;
      conversions.push(kernelConversion(piece, value.type) ?? '');
      words.push(word(piece.bits, emit.value(value).c, value.type));
    }
    const text = `${conversions.join('')}\0`;
    let data = '(void *)0';
    if (words.length > 0) {
      const block = emit.allocate(words.length * 8);
      for (const [i, each] of words.entries()) emit.c.line(`*(u64 *)(${block.c} + ${i * 8}) = ${each};`);
      data = block.c;
    }
    // When the file's buffer is full the kernel runs the program again for the same object: nothing to be told.
    emit.c.line(
      `bpf_seq_printf(eb_iterator_file(ctx), ${emit.constantBytes(text)}, ${text.length}, ${data}, ${words.length * 8});`,
    );
  },
};

function textOf(format: TypedExpr): string {
  if (format.kind === 'constant' && typeof format.value === 'string') return format.value;
  throw new Error('the checker lets literal formats through only');
}

type Conversion = Extract<FormatPiece, { kind: 'conversion' }>;

/** The kernel's own way to write it; undefined when it has none. */
function kernelConversion(piece: Conversion, type: Type): string | undefined {
  const { specifier, width, left, zero, plus, alternate, bits } = piece;
  const isNumber = type.kind === 'int' || type.kind === 'pointer' || type.kind === 'bool' || type.kind === 'enum';
  const flags = `${left ? '-' : ''}${plus ? '+' : ''}${zero ? '0' : ''}${width > 0 ? width : ''}`;
  if (alternate) return undefined;
  switch (specifier) {
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
      return isNumber ? `%${flags}${bits === 64 ? 'll' : ''}${specifier}` : undefined;
    case 'p':
      // The kernel would print a hash of the address.
      return isNumber && width === 0 ? '0x%llx' : undefined;
    case 's':
      if (type.kind === 'string') return `%${flags}s`;
      if (type.kind === 'pointer' && width === 0) return '0x%llx';
      return type.kind === 'int' ? `%${flags}ll${type.signed ? 'd' : 'u'}` : undefined;
    default:
      return undefined;
  }
}

function word(bits: Conversion['bits'], c: string, type: Type): string {
  if (type.kind === 'string') return `(u64)(${c})`;
  const cType = scalarCType(type) ?? 'u64';
  const isNarrow = bits === 8 || bits === 16;
  return isNarrow ? `(u64)(${cType.startsWith('s') ? 's' : 'u'}${bits})(${c})` : `(u64)(${c})`;
}
