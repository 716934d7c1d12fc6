/** All guest cases. A new file in this folder is named here. */
import type { VmCase } from '../case.ts';
import { cases as fentry } from './fentry.ts';
import { cases as hardware } from './hardware.ts';
import { cases as iter } from './iter.ts';
import { cases as kprobe } from './kprobe.ts';
import { cases as language } from './language.ts';
import { cases as lifeCycle } from './life-cycle.ts';
import { cases as oldKernels } from './old-kernels.ts';
import { cases as stacks } from './stacks.ts';
import { cases as requested } from './test-bench.ts';
import { cases as timers } from './timers.ts';
import { cases as tracepoint } from './tracepoint.ts';
import { cases as trustReport } from './trust-report.ts';
import { cases as watchpoint } from './watchpoint.ts';

export const allCases: readonly VmCase[] = [
  ...language,
  ...oldKernels,
  ...kprobe,
  ...fentry,
  ...stacks,
  ...timers,
  ...tracepoint,
  ...lifeCycle,
  ...trustReport,
  ...iter,
  ...requested,
  ...watchpoint,
  ...hardware,
];
