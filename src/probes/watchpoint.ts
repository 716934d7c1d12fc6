/**
 * `watchpoint:ADDRESS:LENGTH:MODE`: runs when memory is read, written or executed, by a debug register of the processor
 * (perf_event_open(2), PERF_TYPE_BREAKPOINT). There are four of them on x86-64. A pattern's parts are [address as written,
 * address in decimal digits, length, mode with its letters in order].
 */
import { archTable } from '../world/arch/index.ts';
import { hasPartCount, readCount } from './parts.ts';
import type { AttachPart, ProbeKind } from './probe-kind.ts';

const lengths: readonly bigint[] = [1n, 2n, 4n, 8n];
const letters = 'rwx';
const syntax = ['watchpoint:ADDRESS:LENGTH:MODE'];

const addressHint = 'kaddr() tells the address of a variable of the kernel: begin { printf("0x%x", kaddr("NAME")); }';

export const watchpoint: ProbeKind = {
  name: 'watchpoint',
  aliases: ['w'],
  doc: {
    summary: 'Runs when LENGTH bytes of memory at ADDRESS are accessed: MODE is made of r, w and x.',
    example: 'watchpoint:0xffffffff82a0c000:8:w { @[comm] = count(); }',
  },
  probeType: 'watchpoint',
  syntax,
  listed: false,
  space: 'none',
  parse(args, report) {
    if (!hasPartCount(args, [3], syntax, report)) return undefined;
    const [address, length, mode] = args.parts;
    if (address === undefined || length === undefined || mode === undefined) return undefined;
    const at = readCount(address, report, addressHint);
    const bytes = readCount(length, report);
    if (at?.value === 0n) report.error('watchpoint-address', address.span, 'Nothing lies at address 0 to be watched');
    if (bytes !== undefined && !lengths.includes(bytes.value)) {
      report.error('watchpoint-length', length.span, `A watchpoint is 1, 2, 4 or 8 bytes long, not ${bytes.value}`);
      return undefined;
    }
    const sorted = readMode(mode);
    if ('wrong' in sorted) {
      report.error('watchpoint-mode', mode.span, sorted.wrong, {
        hint: 'The mode is made of r (read), w (written) and x (executed), each at most once.',
      });
      return undefined;
    }
    if (at === undefined || at.value === 0n || bytes === undefined) return undefined;
    return {
      parts: [address.text, String(at.value), String(bytes.value), sorted.mode],
      hasWildcard: false,
    };
  },
  match(pattern, world) {
    const [address = '', , length = '', mode = ''] = pattern.parts;
    if (!archTable(world.arch).watchpointModes.includes(mode)) return [];
    return [{ name: ['watchpoint', address, length, mode].join(':'), parts: pattern.parts }];
  },
  explainMissing(pattern, world) {
    const modes = archTable(world.arch).watchpointModes;
    return {
      message: `Processors of this kind (${world.arch}) cannot watch with mode '${pattern.parts[3] ?? ''}'`,
      hint: `They can with ${modes.map((mode) => `'${mode}'`).join(', ')}.`,
    };
  },
  shape: (targets) =>
    targets.map((target) => {
      const [, address = '0', length = '0', access = ''] = target.parts;
      return {
        type: 'perf_event',
        section: 'perf_event',
        context: { by: 'registers', at: 'sample' },
        attach: { kind: 'breakpoint', address: BigInt(address), length: Number(length), access },
        targets: [target],
        args: undefined,
        select: { by: 'none' },
        filtersPid: false,
      };
    }),
  list: () => [],
};

function readMode({ text }: AttachPart): { readonly mode: string } | { readonly wrong: string } {
  if (text === '') return { wrong: 'The mode of the watchpoint is missing' };
  const unknown = [...text].find((letter) => !letters.includes(letter));
  if (unknown !== undefined) return { wrong: `'${unknown}' is no way to access memory` };
  const twice = [...text].find((letter, i) => text.indexOf(letter) !== i);
  if (twice !== undefined) return { wrong: `'${twice}' stands twice in the mode of the watchpoint` };
  return { mode: [...letters].filter((letter) => text.includes(letter)).join('') };
}
