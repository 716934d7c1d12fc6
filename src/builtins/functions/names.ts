/** Numbers to names: errno values, signals, system calls. The names lie in a table of the program. */
import { errorType, stringType } from '../../types/type.ts';
import { syscallNames } from '../../world/syscalls.ts';
import type { Arch } from '../../world/world.ts';
import type { Builtin, Emit } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { needsKind } from './arguments.ts';
import { errorTexts, signalTexts } from './number-texts.ts';

/** Bytes of every name, NUL included: type string[64]. */
const nameSize = 64;
const firstRealTimeSignal = 34;
const signalCount = 65;

export const nameFunctions: readonly Builtin[] = [
  named(
    'strerror',
    'Text of an errno value; negative ones are taken as positive.',
    'tracepoint:syscalls:sys_exit_openat /args.ret < 0/ { @[strerror(args.ret)] = count(); }',
    () => errorTexts.map((text) => text || 'Unknown error'),
    'Unknown error',
    true,
  ),
  named(
    'signal_name',
    'Description of a signal number.',
    'tracepoint:signal:signal_generate { @[signal_name(args.sig)] = count(); }',
    () => Array.from({ length: signalCount }, (_, i) => signalText(i)),
    'N/A',
    false,
  ),
  named(
    'syscall_name',
    'Name of a system call number.',
    'tracepoint:raw_syscalls:sys_enter { @[syscall_name(args.id)] = count(); }',
    syscallTable,
    'Unknown syscall',
    false,
  ),
];

function signalText(number: number): string {
  return (
    signalTexts[number] ??
    (number < firstRealTimeSignal ? `Unknown signal ${number}` : `Real-time signal ${number - firstRealTimeSignal}`)
  );
}

function syscallTable(arch: Arch): readonly string[] {
  const names = syscallNames(arch);
  const most = Math.max(...names.keys());
  return Array.from({ length: most + 1 }, (_, i) => names.get(i) ?? 'Unknown syscall');
}

function named(
  name: string,
  summary: string,
  example: string,
  table: (arch: Arch) => readonly string[],
  unknown: string,
  absolute: boolean,
): Builtin {
  return defineFunction({
    name,
    signature: `${name}(number)`,
    doc: { summary, example },
    arity: [1, 1],
    check: (call) => (needsKind(call, 0, ['int', 'enum'], 'an integer') ? stringType(nameSize) : errorType),
    emit(emit: Emit, call) {
      const [number] = call.args;
      if (number === undefined) throw new Error(`${name} without number`);
      const texts = table(emit.world.arch);
      const bytes = [...texts, unknown].map((text) => text.slice(0, nameSize - 1).padEnd(nameSize, '\0')).join('');
      const names = emit.constantBytes(bytes);
      const index = emit.temporary('u64', `(u64)(s64)(${emit.value(number).c})`);
      if (absolute) {
        emit.c.line(`if ((s64)${index} < 0)`);
        emit.c.line(`\t${index} = -${index};`);
      }
      emit.c.line(`LIMIT(${index}, ${texts.length});`);
      return { type: stringType(nameSize), in: 'memory', c: `((u8 *)${names} + ${index} * ${nameSize})`, align: 8 };
    },
  });
}
