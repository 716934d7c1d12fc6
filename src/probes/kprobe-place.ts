/**
 * The parts of a kprobe's attach point -> a place in the kernel: `FUNC`, `MODULE:FUNC`, `FUNC+OFFSET`, or an address.
 * kprobe.ts looks places up and makes programs of them.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import { hasPartCount, readCount } from './parts.ts';
import type { AttachArgs, AttachPart, Pattern } from './probe-kind.ts';

export interface KprobePlace {
  /** Undefined when none was written. */
  readonly module: string | undefined;
  /** Empty for an address. */
  readonly name: string;
  /** Bytes from the start of the function; the address itself when there is no function. */
  readonly offset: bigint;
}

/** Checks the form; places in a function and addresses are for entry probes. Reported when wrong. */
export function parseKprobe(
  args: AttachArgs,
  takesOffset: boolean,
  syntax: readonly string[],
  report: Report,
): Pattern | undefined {
  if (!hasPartCount(args, [1, 2], syntax, report)) return undefined;
  const last = args.parts[args.parts.length - 1];
  if (last === undefined) return undefined;
  if (args.parts.some((part) => part.text === '')) {
    report.error('kprobe-empty', args.span, `${args.provider} needs the name of a function`, {
      hint: `Write ${syntax.map((form) => `'${form}'`).join(' or ')}.`,
    });
    return undefined;
  }
  const unsafe = args.unsafe ? { unsafe: true } : {};
  const parts = args.parts.map((part) => part.text);
  if (/^[0-9]/.test(last.text)) {
    const address = readAddress(args, last, report);
    return address === undefined ? undefined : { parts: [`${address}`], hasWildcard: false, ...unsafe };
  }
  const plus = last.text.indexOf('+');
  if (plus >= 0) {
    const offset = readOffset(last, plus, takesOffset, args.provider, report);
    if (offset === undefined) return undefined;
    const name = last.text.slice(0, plus);
    return {
      parts: [...parts.slice(0, -1), offset === 0n ? name : `${name}+${offset}`],
      hasWildcard: false,
      ...unsafe,
    };
  }
  return { parts, hasWildcard: parts.some((part) => part.includes('*')), ...unsafe };
}

/** Of parts that `parseKprobe` made. */
export function placeOf(parts: readonly string[]): KprobePlace {
  const last = parts[parts.length - 1] ?? '';
  const module = parts.length > 1 ? parts[0] : undefined;
  if (/^[0-9]/.test(last)) return { module: undefined, name: '', offset: BigInt(last) };
  const [name = '', offset = '0'] = last.split('+');
  return { module, name, offset: BigInt(offset) };
}

function readAddress(args: AttachArgs, part: AttachPart, report: Report): bigint | undefined {
  const address = readCount(part, report);
  if (address === undefined) return undefined;
  if (args.parts.length > 1) {
    report.error('kprobe-address-module', args.span, 'An address belongs to no module: write the address alone');
    return undefined;
  }
  if (!args.unsafe) {
    report.error(
      'kprobe-address-unsafe',
      part.span,
      'A probe at an address may hit the middle of an instruction, and this run is in safe mode',
      {
        hint: 'allow it with --unsafe, or name the function, as in kprobe:vfs_read+8',
      },
    );
    return undefined;
  }
  return address.value;
}

function readOffset(
  part: AttachPart,
  plus: number,
  takesOffset: boolean,
  provider: string,
  report: Report,
): bigint | undefined {
  const behind = { start: part.span.start + plus, end: part.span.end };
  if (!takesOffset) {
    report.error(
      'kprobe-offset',
      behind,
      `${provider} takes no offset: it runs when the function returns, wherever that is`,
    );
    return undefined;
  }
  const name = part.text.slice(0, plus);
  if (name.includes('*') || name === '') {
    report.error('kprobe-offset-name', part.span, 'An offset needs the name of one function in front of it');
    return undefined;
  }
  return readCount({ text: part.text.slice(plus + 1), span: behind }, report)?.value;
}
