/** reg("name"): a register of the processor where the probe hit. */
import { errorType, uint64 } from '../../types/type.ts';
import { archTable } from '../../world/arch/index.ts';
import type { Builtin, CallSite } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { registerValue } from '../variables/registers.ts';
import { literalString } from './arguments.ts';

export const registerFunctions: readonly Builtin[] = [
  defineFunction({
    name: 'reg',
    signature: 'reg("name")',
    doc: {
      summary: 'Value of a register of the processor, by its name in struct pt_regs.',
      example: 'kprobe:vfs_read { @[reg("sp") & 0xfff] = count(); }',
    },
    arity: [1, 1],
    readsContext: true,
    check: checkRegister,
    emit(emit, call) {
      const [name] = call.args;
      if (name?.kind !== 'constant' || typeof name.value !== 'string') throw new Error('reg() without a name');
      return registerValue(emit, name.value);
    },
  }),
];

function checkRegister(call: CallSite): typeof uint64 | typeof errorType {
  const { probe, world, report, span } = call;
  const name = literalString(call, 0);
  if (name === undefined) return errorType;
  const { registers } = archTable(world.arch);
  if (!Object.hasOwn(registers, name)) {
    report.error(
      'reg-name',
      call.args[0]?.span ?? span,
      `there is no register '${name}' on this machine (${world.arch})`,
      {
        hint: `they are ${Object.keys(registers).join(', ')}`,
      },
    );
    return errorType;
  }
  if (probe.shape.context.by === 'registers') return uint64;
  report.error('reg-probe', span, `reg() cannot be used in ${probe.kind.name} probes: they do not have the registers`, {
    hint: 'kprobe, uprobe, usdt, profile, interval, software, hardware and watchpoint probes do',
  });
  return errorType;
}
