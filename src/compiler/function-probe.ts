/**
 * What functions have in place of a probe while they are checked: no arguments, no targets. A function may be called
 * from any probe, so nothing in it can depend on one, and its pointers may lead to kernel or to user memory.
 */
import type { ProbeInfo } from '../builtins/builtin.ts';

export const functionProbe: ProbeInfo = {
  kind: {
    name: 'fn',
    aliases: [],
    doc: { summary: '', example: '' },
    probeType: 'fn',
    syntax: [],
    listed: false,
    space: 'none',
    parse: () => undefined,
    match: () => [],
    explainMissing: () => ({ message: '' }),
    shape: () => [],
    list: () => [],
  },
  shape: {
    type: 'raw_tracepoint',
    section: 'raw_tp',
    context: { by: 'none' as const },
    attach: { kind: 'run-once', when: 'begin' },
    targets: [],
    args: undefined,
    select: { by: 'none' },
    filtersPid: false,
  },
};
