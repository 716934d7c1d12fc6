/** What the probe kinds over perf software events share; numbers are those of include/uapi/linux/perf_event.h. */
import type { AttachSpec } from '../program/attach-spec.ts';
import type { ProgramShape, Target } from './probe-kind.ts';

export type PerfEventSpec = Extract<AttachSpec, { kind: 'perf-event' }>;

/** PERF_TYPE_SOFTWARE */
export const perfTypeSoftware = 1;
/** PERF_COUNT_SW_CPU_CLOCK: counts nanoseconds, so a period is a time. */
export const perfCpuClock = 0n;

/** A program for one target. The kernel restricts perf events to a process itself, so no test is needed in the body. */
export function perfEventShape(target: Target, attach: PerfEventSpec): ProgramShape {
  return {
    type: 'perf_event',
    section: 'perf_event',
    context: { by: 'registers', at: 'sample' },
    attach,
    targets: [target],
    args: undefined,
    select: { by: 'none' },
    filtersPid: false,
  };
}
