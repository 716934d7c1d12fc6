/**
 * The ValueHost of a session: what values need of the running system to become text. Everything is looked up when a
 * value asks for it; the only thing taken at the start is the distance between the clocks.
 */
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { StructPlan } from '../src/program/program.ts';
import type { ValueHost } from '../src/types/decode.ts';
import { stackText } from '../src/types/stack-text.ts';
import { type TimeFormatter, timeFormatter } from '../src/types/strftime.ts';
import type { HostFiles } from '../src/world/host-files.ts';
import type { Kernel } from './kernel.ts';
import { cgroupPaths } from './symbols/cgroups.ts';
import { kernelSymbols } from './symbols/kernel.ts';
import type { StackStore } from './symbols/stacks.ts';
import { userNames } from './symbols/users.ts';

export interface ValueSources {
  readonly files: HostFiles;
  readonly kernel: Pick<Kernel, 'bootClock' | 'newestProgram'>;
  readonly stacks: Pick<StackStore, 'framesOf'>;
  /** Told once when the kernel hides the addresses of its symbols. */
  readonly report?: (diagnostic: Diagnostic) => void;
  /** `structs` of the program: the members of all structs that values have. */
  readonly structs: readonly StructPlan[];
  /** `strings` of the program: the formats that timestamps refer to by number. */
  readonly strings: readonly string[];
  /** CLOCK_REALTIME in nanoseconds; the system's unless a test says otherwise. */
  readonly wallClock?: () => bigint;
}

export function sessionValues(sources: ValueSources): ValueHost {
  const { files, stacks, strings } = sources;
  const symbols = kernelSymbols(sources);
  const fields = new Map(sources.structs.map((plan) => [`${plan.table} ${plan.name}`, plan.fields]));
  // Most scripts have no timestamps, and the clock of the wall takes Node 4 ms to load.
  let bootTime: bigint | undefined;
  const formatters = new Map<number, TimeFormatter>();
  const cgroups = cgroupPaths(files);
  return {
    kernelSymbol: symbols.nameOf,
    kernelStack: ({ mode, limit }, id) => {
      if (id === 0n) return '';
      const frames = stacks.framesOf(limit, id);
      if (frames === undefined) throw new Error(`no table has stack ${id}`);
      return stackText(frames, mode, symbols.placeOf);
    },
    // Symbols of processes come with uprobes; an address without a name is printed as a number.
    userSymbol: () => undefined,
    userName: userNames(files),
    timestamp: (formatId, mode, ns) => {
      if (mode !== BOOT_CLOCK) throw new Error(`timestamp of an unknown clock ${mode}`);
      let format = formatters.get(formatId);
      if (format === undefined) {
        const text = strings[formatId];
        if (text === undefined) throw new Error(`timestamp with an unknown format ${formatId}`);
        format = timeFormatter(text, 'extended');
        formatters.set(formatId, format);
      }
      bootTime ??= (sources.wallClock ?? wallClock)() - sources.kernel.bootClock();
      return format(ns + bootTime);
    },
    cgroupPath: (_filterId, id) => {
      const path = cgroups(id);
      return path === undefined ? '' : `unified:${path}`;
    },
    fieldsOf: (type) => fields.get(`${type.table} ${type.name}`),
  };
}

/** `mode` of a timestamp whose nanoseconds are CLOCK_BOOTTIME, as `nsecs` is. */
const BOOT_CLOCK = 1;

/** To the microsecond; Date.now() knows milliseconds only. */
function wallClock(): bigint {
  return BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n;
}
