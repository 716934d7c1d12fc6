/** Frames of a stack -> text, one line each (language reference, 14.1). */
import { assertNever, type StackMode } from './type.ts';

/** `symbol` names an address as `function+offset`, undefined when nobody knows it. */
export function stackText(
  frames: readonly bigint[],
  mode: StackMode,
  symbol: (address: bigint) => string | undefined,
): string {
  return frames.map((frame) => `${frameLine(frame, mode, symbol)}\n`).join('');
}

function frameLine(address: bigint, mode: StackMode, symbol: (address: bigint) => string | undefined): string {
  const hex = address.toString(16);
  switch (mode) {
    case 'bpftrace':
      return `        ${symbol(address) ?? `0x${hex}`}`;
    case 'perf':
      return `\t${hex} ${symbol(address) ?? '[unknown]'}`;
    case 'raw':
      return hex;
    default:
      return assertNever(mode);
  }
}
