/**
 * Names of functions -> where they are. The kernel's own look-up by name finds the first of several functions and knows no
 * modules. Symbols tell every place, and the list of ftrace (with addresses from 6.5 on) which of them can have a probe.
 */
import { type HostFiles, readText } from '../../src/world/host-files.ts';
import { type FunctionPlace, readKallsyms } from '../../src/world/kallsyms.ts';

/** Functions of that name that can have a probe, as far as the kernel tells; empty when it hides addresses. */
export function placesOf(
  names: ReadonlySet<string>,
  files: HostFiles,
  tracefs: string | undefined,
): ReadonlyMap<string, readonly FunctionPlace[]> {
  const symbols = readKallsyms(files)?.functionsNamed(names) ?? new Map<string, readonly FunctionPlace[]>();
  const list = tracefs === undefined ? undefined : readText(files, `${tracefs}/available_filter_functions_addrs`);
  if (list === undefined || list === '' || symbols.size === 0) return symbols;
  const hooks = hooksOf(names, list);
  const isTraceable = (name: string, { address }: FunctionPlace): boolean =>
    hooks.get(name)?.some((hook) => hook >= address && hook - address <= beforeHook) === true;
  return new Map([...symbols].map(([name, places]) => [name, places.filter((place) => isTraceable(name, place))]));
}

/** A function may begin with landing pads for indirect jumps, and the call of ftrace is behind them. */
const beforeHook = 32n;

/** Lines `ADDRESS NAME` or `ADDRESS NAME [MODULE]`. */
function hooksOf(names: ReadonlySet<string>, list: string): ReadonlyMap<string, readonly bigint[]> {
  const hooks = new Map<string, bigint[]>();
  for (const line of list.split('\n')) {
    const [address = '', name = ''] = line.split(/\s/, 2);
    if (!names.has(name) || !/^[0-9a-f]+$/.test(address)) continue;
    const others = hooks.get(name);
    if (others === undefined) hooks.set(name, [BigInt(`0x${address}`)]);
    else others.push(BigInt(`0x${address}`));
  }
  return hooks;
}
