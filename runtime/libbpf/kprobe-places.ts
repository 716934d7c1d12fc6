/**
 * Names of functions -> where they are. The kernel's own look-up by name finds the first of several functions and knows no
 * modules. Symbols tell every place, and the list of ftrace (with addresses from 6.5 on) which of them can have a probe.
 */
import { type HostFiles, readText } from '../../src/world/host-files.ts';
import { type FunctionPlace, type Kallsyms, readKallsyms } from '../../src/world/kallsyms.ts';
import type { AttachOptions } from '../bpf.ts';

/** One object for all that is attached in one go: what is read for it is kept that long. */
export type PlaceOptions = Pick<AttachOptions, 'tracefs'>;

/** Functions of that name that can have a probe, as far as the kernel tells; empty when it hides addresses. */
export function placesOf(
  names: ReadonlySet<string>,
  files: HostFiles,
  options: PlaceOptions,
): ReadonlyMap<string, readonly FunctionPlace[]> {
  const { symbols, hooks } = lists(files, options);
  const found = symbols?.functionsNamed(names) ?? new Map<string, readonly FunctionPlace[]>();
  if (hooks.size === 0 || found.size === 0) return found;
  const isTraceable = (name: string, { address }: FunctionPlace): boolean =>
    hooks.get(name)?.some((text) => {
      const hook = BigInt(`0x${text}`);
      return hook >= address && hook - address <= beforeHook;
    }) === true;
  return new Map([...found].map(([name, places]) => [name, places.filter((place) => isTraceable(name, place))]));
}

/** A function may begin with landing pads for indirect jumps, and the call of ftrace is behind them. */
const beforeHook = 32n;

interface Lists {
  readonly symbols: Kallsyms | undefined;
  /** Addresses in hexadecimal digits; empty when the kernel does not list them. */
  readonly hooks: ReadonlyMap<string, readonly string[]>;
}

const kept = new WeakMap<PlaceOptions, Lists>();

function lists(files: HostFiles, options: PlaceOptions): Lists {
  const known = kept.get(options);
  if (known !== undefined) return known;
  const { tracefs } = options;
  const list = tracefs === undefined ? undefined : readText(files, `${tracefs}/available_filter_functions_addrs`);
  const answer = { symbols: readKallsyms(files), hooks: hooksOf(list ?? '') };
  kept.set(options, answer);
  return answer;
}

/** Lines `ADDRESS NAME` or `ADDRESS NAME [MODULE]`. */
function hooksOf(list: string): ReadonlyMap<string, readonly string[]> {
  const hooks = new Map<string, string[]>();
  for (const line of list.split('\n')) {
    const [, address = '', name = ''] = /^([0-9a-f]+) (\S+)/.exec(line) ?? [];
    if (name === '') continue;
    const others = hooks.get(name);
    if (others === undefined) hooks.set(name, [address]);
    else others.push(address);
  }
  return hooks;
}
