/** The table of builtin functions and variables, and answers for names that bpftrace has and this version has not. */
import type { Builtin } from './builtin.ts';
import { addressSpaceFunctions } from './functions/address-space.ts';
import { kernelAddressFunctions } from './functions/kernel-addresses.ts';
import { mapFunctions } from './functions/maps.ts';
import { nameFunctions } from './functions/names.ts';
import { outputFunctions } from './functions/output.ts';
import { parameterFunctions } from './functions/parameters.ts';
import { registerFunctions } from './functions/registers.ts';
import { stackFunctions } from './functions/stacks.ts';
import { stringFunctions } from './functions/strings.ts';
import { valueFunctions } from './functions/values.ts';
import { configurationVariables } from './variables/configuration.ts';
import { machineVariables } from './variables/machine.ts';
import { probeVariables } from './variables/probe.ts';
import { processVariables } from './variables/process.ts';
import { registerVariables } from './variables/registers.ts';
import { taskVariables } from './variables/task.ts';

export const builtins: readonly Builtin[] = [
  ...processVariables,
  ...taskVariables,
  ...machineVariables,
  ...configurationVariables,
  ...probeVariables,
  ...registerVariables,
  ...outputFunctions,
  ...mapFunctions,
  ...stringFunctions,
  ...nameFunctions,
  ...valueFunctions,
  ...kernelAddressFunctions,
  ...stackFunctions,
  ...parameterFunctions,
  ...addressSpaceFunctions,
  ...registerFunctions,
];

const byName = new Map(builtins.map((entry) => [entry.name, entry]));

export function builtin(name: string): Builtin | undefined {
  return byName.get(name);
}

/** For names that the checker has already looked up. */
export function knownBuiltin(name: string): Builtin {
  const entry = byName.get(name);
  if (entry === undefined) throw new Error(`no builtin '${name}'`);
  return entry;
}

const later = 'known from bpftrace, not available in this version of ebtrace';
const never = 'does not exist in the language';

/** Names of the language that are refused, each with the reason. */
const refused = new Map<string, string>([
  ...[
    'debugf',
    'fail',
    'assert',
    'unwatch',
    'skboutput',
    'path',
    'uaddr',
    'usym',
    'pton',
    'memcmp',
    'cgroup_path',
    'signal',
    'signal_thread',
    'override',
    'write_user',
    'socket_cookie',
    'typeof',
    'typeinfo',
    'offsetof',
    'strlen',
    'strcap',
    'strstr',
    'strcontains',
    'str_concat',
    'default_str_length',
    'is_str',
    'is_ptr',
    'is_array',
    'is_integer',
    'is_unsigned_integer',
    'is_literal',
    'static_assert',
    'container_of',
    'is_err',
    'kfunc_exist',
    'kfunc_allowed',
    'tseries',
  ].map((name) => [name, later] as const),
  ...['ustack', 'dw_ustack'].map(
    (name) =>
      [name, 'stacks of processes are not available in this version of ebtrace; kstack is that of the kernel'] as const,
  ),
  ['kstr', `${never}; use str(), which takes kernel and user addresses`],
  ['ustr', `${never}; use str(), which takes kernel and user addresses`],
  ['exec', `${never}; use system()`],
  ['quantize', `${never}; use hist()`],
]);

/** Why a known name cannot be used, or undefined for an unknown one. */
export function unavailable(name: string): string | undefined {
  if (/^sarg[0-9]+$/.test(name)) return 'gone from the language; *(uint64 *)(reg("sp") + OFFSET) reads the stack';
  return refused.get(name);
}
