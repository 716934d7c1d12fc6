/** The task that runs, as the kernel describes it: `struct task_struct`, whose members are read through the pointer. */
import { errorType, pointerTo } from '../../types/type.ts';
import type { CheckedCall } from '../builtin.ts';
import { defineVariable } from '../builtin.ts';

export const taskVariables = [
  defineVariable({
    name: 'curtask',
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
      );
      return errorType;
    },
    emit: (emit, call) => ({
      type: call.type,
      in: 'register',
      c: emit.taskAtHand() === undefined ? 'bpf_get_current_task()' : `(u64)${emit.taskAtHand()}`,
    }),
  }),
];
