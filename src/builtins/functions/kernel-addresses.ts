/** Addresses of the kernel's own functions and variables by name, and names by address. */
import { errorType, symbolic, uint64 } from '../../types/type.ts';
import type { TypedExpr } from '../../types/typed-tree.ts';
import type { Builtin, CallSite, CheckedCall, Emit } from '../builtin.ts';
import { defineFunction } from '../builtin.ts';
import { literalString, needsKind } from './arguments.ts';

const kaddr = defineFunction({
  name: 'kaddr',
  signature: 'kaddr("symbol")',
  doc: { summary: 'Address of a kernel symbol.', example: 'interval:s:1 { printf("%x\\n", *kaddr("jiffies")); }' },
  arity: [1, 1],
  space: 'kernel',
  check(call): CheckedCall {
    const name = literalString(call, 0);
    if (name === undefined) return errorType;
    const address = call.world.kernelSymbol(name);
    if (address === undefined) return noSymbol(call, name);
    if (call.world.perCpuSymbol(name) !== undefined) {
      call.report.warning(
        'kaddr-per-cpu',
        call.span,
        `'${name}' is a variable of each CPU, and this is the address of none of its copies`,
        { hint: `percpu_kaddr("${name}") is the copy of the current CPU, percpu_kaddr("${name}", 0) that of CPU 0` },
      );
    }
    return { constant: address, type: uint64 };
  },
});

const percpuKaddr = defineFunction({
  name: 'percpu_kaddr',
  signature: 'percpu_kaddr("symbol" [, cpu])',
  doc: {
    summary:
      'Address of the copy that a CPU has of a per-CPU variable of the kernel: of the current CPU, or of the one given; 0 for a CPU that does not exist.',
    example: 'interval:s:1 { printf("%d\\n", *(uint32 *)percpu_kaddr("process_counts", 0)); }',
  },
  arity: [1, 2],
  space: 'kernel',
  check(call): CheckedCall {
    const name = literalString(call, 0);
    if (name === undefined || !needsKind(call, 1, ['int'], 'the number of a CPU')) return errorType;
    if (call.world.perCpuSymbol(name) !== undefined) return uint64;
    if (call.world.kernelSymbol(name) === undefined) return noSymbol(call, name);
    call.report.error(
      'not-per-cpu',
      call.args[0]?.span ?? call.span,
      `'${name}' is not a variable of each CPU, as far as the symbols of the kernel tell`,
      { hint: `kaddr("${name}") is its address` },
    );
    return errorType;
  },
  emit(emit, call) {
    const [name, cpu] = call.args;
    if (name?.kind !== 'constant') throw new Error('percpu_kaddr without name');
    const symbol = emit.world.perCpuSymbol(String(name.value));
    if (symbol === undefined) throw new Error('percpu_kaddr of what is not per CPU');
    const index = emit.temporary('u64', cpu === undefined ? 'bpf_get_smp_processor_id()' : cpuNumber(emit, cpu));
    const address = emit.temporary('u64', '0');
    emit.c.block(`if (${index} < eb_params.ncpus)`, () => {
      const offset = emit.temporary('u64', '0');
      const place = `(void *)(${symbol.offsets}ULL + ${index} * 8)`;
      emit.read(`bpf_probe_read_kernel(&${offset}, 8, ${place})`, call.span, 'probe_read_kernel');
      emit.c.line(`${address} = ${symbol.address}ULL + ${offset};`);
    });
    return { type: uint64, in: 'register', c: address };
  },
});

const ksym = defineFunction({
  name: 'ksym',
  signature: 'ksym(address)',
  doc: {
    summary: 'Name of the kernel function at an address.',
    example: 'tracepoint:timer:hrtimer_start { @[ksym(args.function)] = count(); }',
  },
  arity: [1, 1],
  check: (call) => (needsKind(call, 0, ['int', 'pointer'], 'an address') ? symbolic('ksym') : errorType),
  emit(emit, call) {
    const [address] = call.args;
    if (address === undefined) throw new Error('ksym without address');
    return { type: symbolic('ksym'), in: 'register', c: `(u64)(${emit.value(address).c})` };
  },
});

export const kernelAddressFunctions: readonly Builtin[] = [kaddr, percpuKaddr, ksym];

/** A negative number is a large one, and no CPU has it. */
function cpuNumber(emit: Emit, cpu: TypedExpr): string {
  return `(u64)(s64)(${emit.value(cpu).c})`;
}

function noSymbol(call: CallSite, name: string): CheckedCall {
  const isHidden = call.world.hidesSymbols();
  call.report.error(
    'kaddr-unknown',
    call.args[0]?.span ?? call.span,
    isHidden
      ? `the address of '${name}' is not known: the kernel hides the addresses of its symbols`
      : `the kernel has no symbol '${name}'`,
    {
      hint: isHidden
        ? 'the setting kernel.kptr_restrict hides them: sysctl -w kernel.kptr_restrict=1 shows them to root'
        : 'look into /proc/kallsyms; kernels without CONFIG_KALLSYMS_ALL have functions there and no variables',
    },
  );
  return errorType;
}
