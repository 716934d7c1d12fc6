/** `hardware:EVENT:COUNT`: events that the processor counts. Many virtual machines have no counters. */
import { countedEventKind } from './counted-event.ts';

/** PERF_TYPE_HARDWARE */
const perfTypeHardware = 0;

export const hardware = countedEventKind({
  name: 'hardware',
  alias: 'h',
  doc: {
    summary: "Runs on every COUNTth event that the processor's counters see, such as cache misses.",
    example: 'hardware:cache-misses:10000 { @[comm] = count(); }',
  },
  perfType: perfTypeHardware,
  // PERF_COUNT_HW_*
  events: [
    { name: 'backend-stalls', config: 8n, every: 1_000_000n },
    { name: 'branch-instructions', alias: 'branches', config: 4n, every: 100_000n },
    { name: 'branch-misses', config: 5n, every: 100_000n },
    { name: 'bus-cycles', config: 6n, every: 100_000n },
    { name: 'cache-misses', config: 3n, every: 1_000_000n },
    { name: 'cache-references', config: 2n, every: 1_000_000n },
    { name: 'cpu-cycles', alias: 'cycles', config: 0n, every: 1_000_000n },
    { name: 'frontend-stalls', config: 7n, every: 1_000_000n },
    { name: 'instructions', config: 1n, every: 1_000_000n },
    { name: 'ref-cycles', config: 9n, every: 1_000_000n },
  ],
});
