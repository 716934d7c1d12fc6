/** What fired: the full name of the probe, and its kind. */
import { stringType } from '../../types/type.ts';
import type { CallSite, CheckedCall, CValue, Emit } from '../builtin.ts';
import { defineVariable } from '../builtin.ts';

export const probeVariables = [
  defineVariable({
    name: 'probe',
    doc: {
      summary: 'Full name of the probe that fired.',
      example: 'tracepoint:sched:sched_process_* { @[probe] = count(); }',
    },
    readsContext: true,
    check: probeName,
    emit: emitProbeName,
  }),
  defineVariable({
    name: 'probetype',
    needsProbe: true,
    doc: { summary: 'Kind of the probe that fired, such as tracepoint.', example: 'begin { print(probetype); }' },
    check: ({ probe }) => ({
      constant: probe.kind.probeType,
      type: stringType(probe.kind.probeType.length + 1),
    }),
  }),
];

/** A literal when the program has one target, else as long as the longest name. */
function probeName({ probe }: CallSite): CheckedCall {
  const names = probe.shape.targets.map((target) => target.name);
  const size = Math.max(...names.map((name) => name.length)) + 1;
  const [only] = names;
  return names.length === 1 && only !== undefined ? { constant: only, type: stringType(size) } : stringType(size);
}

/** The names lie in one table, each in a field of the same size. */
function emitProbeName(emit: Emit): CValue {
  const names = emit.probe.shape.targets.map((target) => target.name);
  const size = Math.max(...names.map((name) => name.length)) + 1;
  const table = emit.constantBytes(names.map((name) => name.padEnd(size, '\0')).join(''));
  const index = emit.temporary('u64', emit.targetIndex());
  emit.c.line(`LIMIT(${index}, ${names.length - 1});`);
  return { type: stringType(size), in: 'memory', c: `((u8 *)${table} + ${index} * ${size})`, align: 1 };
}
