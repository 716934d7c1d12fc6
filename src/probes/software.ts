/** `software:EVENT:COUNT`: events that the kernel counts itself. */
import { countedEventKind } from './counted-event.ts';
import { perfTypeSoftware } from './perf-event.ts';

export const software = countedEventKind({
  name: 'software',
  alias: 's',
  doc: {
    summary: 'Runs on every COUNTth event that the kernel counts in software, such as page faults.',
    example: 'software:page-faults:1 { @[comm] = count(); }',
  },
  perfType: perfTypeSoftware,
  // PERF_COUNT_SW_*
  events: [
    { name: 'alignment-faults', config: 7n, every: 1n },
    { name: 'bpf-output', config: 10n, every: 1n },
    { name: 'context-switches', alias: 'cs', config: 3n, every: 1000n },
    { name: 'cpu-clock', alias: 'cpu', config: 0n, every: 1_000_000n },
    { name: 'cpu-migrations', config: 4n, every: 1n },
    { name: 'dummy', config: 9n, every: 1n },
    { name: 'emulation-faults', config: 8n, every: 1n },
    { name: 'major-faults', config: 6n, every: 1n },
    { name: 'minor-faults', config: 5n, every: 100n },
    { name: 'page-faults', alias: 'faults', config: 2n, every: 100n },
    { name: 'task-clock', config: 1n, every: 1n },
  ],
});
