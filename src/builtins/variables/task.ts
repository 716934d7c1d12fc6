/**
 * The task that runs, as the kernel describes it: `struct task_struct`, whose members are read through the pointer. Its
 * relatives are short for such members.
 */
import type { Call, Expr } from '../../../grammar/ast.ts';
import { errorType, pointerTo } from '../../types/type.ts';
import type { Builtin, CheckedCall } from '../builtin.ts';
import { defineFunction, defineVariable } from '../builtin.ts';

const curtask = 'curtask';

export const taskVariables = [
  defineVariable({
    name: curtask,
    doc: {
      summary: 'The current task, a pointer to the struct task_struct of the kernel.',
      example: 'profile:hz:99 { @[curtask->real_parent->comm] = count(); }',
    },
    check({ world, report, span }): CheckedCall {
      const task = world.kernelTypes()?.find('struct', 'task_struct');
      if (task !== undefined) return pointerTo(task, 'kernel');
      report.error(
        'curtask-type',
        span,
        'the members of tasks are not known: this kernel has no type information (BTF)',
        { hint: 'EBTRACE_BTF=FILE takes it from a file; pid, tid, comm, uid and cgroup need none' },
      );
      return errorType;
    },
    emit: (emit, call) => ({
      type: call.type,
      in: 'register',
      c: emit.taskAtHand() === undefined ? 'bpf_get_current_task()' : `(u64)${emit.taskAtHand()}`,
    }),
  }),
  relative('ppid', ['real_parent', 'tgid'], 'Process id of the parent, in the first PID namespace'),
  relative('pcomm', ['real_parent', 'comm'], 'Name of the parent process'),
  relative(
    'leader_tid',
    ['group_leader', 'pid'],
    'Thread id of the first thread of the process, in the first PID namespace',
  ),
  relative('leader_comm', ['group_leader', 'comm'], 'Name of the first thread of the process'),
];

/** `ppid` is `curtask.real_parent.tgid`, `ppid($task)` is `$task.real_parent.tgid`. */
function relative(name: string, path: readonly string[], summary: string): Builtin {
  return defineFunction({
    name,
    signature: `${name}[(task)]`,
    variable: true,
    arity: [0, 1],
    doc: {
      summary: `${summary}; of another task with a pointer to its struct task_struct.`,
      example: `tracepoint:syscalls:sys_enter_execve { print((${name}, ${name}(curtask))); }`,
    },
    check: () => errorType,
    rewrite({ args: [task], nameSpan, span }: Call): Expr {
      const start: Expr = task ?? { kind: 'identifier', name: curtask, span: nameSpan };
      return path.reduce<Expr>((object, member) => ({ kind: 'field', object, name: member, nameSpan, span }), start);
    },
  });
}
