/** Programs for runtime tests: only what a test names, the rest empty. */
import { defaultConfig } from '../../src/config/options.ts';
import type { AttachSpec } from '../../src/program/attach-spec.ts';
import type { MapPlan, ProbePlan, Program } from '../../src/program/program.ts';

export function smallProgram(parts: Partial<Program> = {}): Program {
  return {
    sourceName: 'test.bt',
    sourceText: 'begin { }\n',
    sourceFiles: [{ name: 'test.bt', start: 0 }],
    structs: [],
    c: '',
    object: new Uint8Array(),
    imports: [],
    boundedLoops: 0,
    typedReads: false,
    probes: [],
    maps: [],
    events: [],
    strings: [],
    sites: [],
    stacks: [],
    config: defaultConfig(),
    abi: {
      ring: 'eb_ring',
      sites: 'eb_sites',
      control: '.data.eb_control',
      scalars: '.data.eb_scalars',
      params: 'eb_params',
    },
    ...parts,
  };
}

const types = {
  'run-once': 'raw_tracepoint',
  'raw-tracepoint': 'raw_tracepoint',
  tracepoint: 'tracepoint',
  kprobe: 'kprobe',
  'kprobe-multi': 'kprobe',
  tracing: 'tracing',
  'perf-event': 'perf_event',
  breakpoint: 'perf_event',
  iterator: 'tracing',
} as const;

export function probe(program: string, attach: AttachSpec): ProbePlan {
  const count = 'targets' in attach ? attach.targets.length : 1;
  return { program, name: program, type: types[attach.kind], attach, count, span: { start: 0, end: 5 } };
}

export function countMap(name: string, symbol: string): MapPlan {
  return {
    name,
    symbol,
    shape: 'keyed',
    storage: 'hash',
    key: { kind: 'int', bytes: 8, signed: false },
    value: { kind: 'int', bytes: 8, signed: true },
    keySize: 8,
    valueSize: 8,
    maxEntries: 4096,
  };
}
