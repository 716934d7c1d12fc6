/**
 * Kernel symbols from /proc/kallsyms: name -> address for `kaddr()`, address -> name for `ksym()` and stacks. The file
 * has 120,000 to 200,000 lines, so it is never split into strings: a name is found by byte search, and the arrays for
 * address look-ups are built only when somebody asks for an address.
 */
import type { HostFiles } from './host-files.ts';

export interface Kallsyms {
  /** True when the kernel shows zero instead of addresses (kptr_restrict, no privileges). */
  readonly hidden: boolean;
  /** Address of the first symbol of that name; undefined when there is none or addresses are hidden. */
  addressOf(name: string): bigint | undefined;
  /** What the first symbol of that name is; undefined when there is none. */
  kindOf(name: string): 'code' | 'data' | undefined;
  /** Symbols that the compiler made of a function: its name, a dot and more. */
  variantsOf(name: string): readonly string[];
  /** Addresses of all functions with one of the names, by name; empty when addresses are hidden. */
  functionsNamed(names: ReadonlySet<string>): ReadonlyMap<string, readonly FunctionPlace[]>;
  /** Bytes from the first such function to whatever comes next; undefined when there is none or addresses are hidden. */
  sizeOf(name: string, module: string | undefined): bigint | undefined;
  /** The symbol that covers the address: the nearest one at or below it, within 4 MiB. */
  symbolAt(address: bigint): KernelSymbol | undefined;
}

export interface FunctionPlace {
  readonly address: bigint;
  /** Undefined for the kernel itself. */
  readonly module: string | undefined;
}

export interface KernelSymbol {
  readonly name: string;
  /** Distance of the asked address from the symbol, in bytes. */
  readonly offset: bigint;
  /** Module name without brackets (`bpf` for BPF programs); undefined for the core kernel. */
  readonly module?: string;
}

/** Undefined when the file is missing or unreadable. The reading takes the kernel about 50 ms: ask when needed. */
export function readKallsyms(files: HostFiles): Kallsyms | undefined {
  const bytes = files.read('/proc/kallsyms');
  return bytes === undefined ? undefined : parseKallsyms(bytes);
}

/** `bytes`: lines `ADDRESS TYPE NAME[\t[MODULE]]`, the address with 16 hexadecimal digits. */
export function parseKallsyms(bytes: Uint8Array): Kallsyms {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const hidden = allAddressesZero(text);
  let index: AddressIndex | undefined;
  return {
    hidden,
    addressOf: (name) => (hidden ? undefined : findName(text, name)),
    kindOf: (name) => findKind(text, name),
    variantsOf: (name) => findVariants(text, name),
    functionsNamed: (names) => (hidden ? new Map() : findFunctions(text, names)),
    sizeOf: (name, module) => (hidden ? undefined : findSize(text, name, module)),
    symbolAt: (address) => {
      if (hidden || address < kernelHalf) return undefined;
      index ??= indexAddresses(text);
      return nearest(text, index, address);
    },
  };
}

const newline = 0x0a;
const addressDigits = 16;
/** Length of `ADDRESS TYPE ` before the name. */
const nameColumn = addressDigits + 3;
/** Lower addresses are user space, and the per-CPU offsets that old x86 kernels list at the start of the file. */
const kernelHalf = 0xfff0_0000_0000_0000n;
/** Symbols carry no size here; farther than any function or array is long, an address belongs to nothing we know. */
const maxOffset = 4 * 1024 * 1024;

function allAddressesZero(text: Buffer): boolean {
  if (text.length === 0) return false;
  for (let line = 0; line >= 0 && line < text.length; line = nextLine(text, line)) {
    for (let at = line; at < line + addressDigits; at++) if (text[at] !== 0x30) return false;
  }
  return true;
}

/** Start of the next line, or the end of the text. A plain loop: lines are too short for a call of indexOf each. */
function nextLine(text: Buffer, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== newline) at++;
  return Math.min(at + 1, text.length);
}

function findName(text: Buffer, name: string): bigint | undefined {
  const line = findLine(text, name);
  return line === undefined ? undefined : BigInt(`0x${text.toString('latin1', line, line + addressDigits)}`);
}

/** Start of the first line about that name. */
function findLine(text: Buffer, name: string): number | undefined {
  return linesAbout(text, name, 1)[0];
}

/** Starts of the lines about that name, `most` of them. */
function linesAbout(text: Buffer, name: string, most = Number.POSITIVE_INFINITY): readonly number[] {
  const lines: number[] = [];
  if (name === '' || /\s/.test(name)) return lines;
  const wanted = Buffer.from(` ${name}`, 'latin1');
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
    const line = at + 1 - nameColumn;
    if (line < 0 || !endsName(text[at + wanted.length])) continue;
    const digits = text.toString('latin1', line, line + addressDigits);
    if (/^[0-9a-f]{16}$/.test(digits)) lines.push(line);
    if (lines.length === most) break;
  }
  return lines;
}

function findVariants(text: Buffer, name: string): readonly string[] {
  if (name === '' || /\s/.test(name)) return [];
  const start = Buffer.from(` ${name}.`, 'latin1');
  const found = new Set<string>();
  for (let at = text.indexOf(start); at >= 0; at = text.indexOf(start, at + 1)) {
    let end = at + start.length;
    while (!endsName(text[end])) end++;
    found.add(text.toString('latin1', at + 1, end));
  }
  return [...found].sort();
}

/** By the letter of nm(1). Linux 7 has `T` for data of the kernel, too: code ends where the linker's marks say. */
function findKind(text: Buffer, name: string): 'code' | 'data' | undefined {
  const line = findLine(text, name);
  if (line === undefined) return undefined;
  if (!codeLetters.has(text[line + addressDigits + 1] ?? 0)) return 'data';
  const { module } = symbolOfLine(text, line + nameColumn, 0n);
  const [address, end, initStart, initEnd] = [name, '_etext', '_sinittext', '_einittext'].map((mark) =>
    findName(text, mark),
  );
  if (module !== undefined || address === undefined || end === undefined || address < end) return 'code';
  const isInit = initStart !== undefined && initEnd !== undefined && address >= initStart && address < initEnd;
  return isInit || address === 0n ? 'code' : 'data';
}

const codeLetters = new Set(Buffer.from('tTwW', 'latin1'));

function findFunctions(text: Buffer, names: ReadonlySet<string>): ReadonlyMap<string, readonly FunctionPlace[]> {
  const found = new Map<string, FunctionPlace[]>();
  const [only = ''] = names.size === 1 ? names : [];
  if (only !== '') {
    const places = linesAbout(text, only).filter((line) => codeLetters.has(text[line + addressDigits + 1] ?? 0));
    return places.length === 0
      ? found
      : found.set(
          only,
          places.map((line) => placeOfLine(text, line)),
        );
  }
  for (let line = 0; line + nameColumn < text.length; line = nextLine(text, line)) {
    if (!codeLetters.has(text[line + addressDigits + 1] ?? 0)) continue;
    const { name } = symbolOfLine(text, line + nameColumn, 0n);
    if (!names.has(name)) continue;
    const place = placeOfLine(text, line);
    const others = found.get(name);
    if (others === undefined) found.set(name, [place]);
    else others.push(place);
  }
  return found;
}

/** The list has no sizes, and is not sorted. */
function findSize(text: Buffer, name: string, module: string | undefined): bigint | undefined {
  const start = findFunctions(text, new Set([name]))
    .get(name)
    ?.find((place) => place.module === module)?.address;
  if (start === undefined) return undefined;
  const [high, low] = [Number(start >> 32n), Number(start & 0xffff_ffffn)];
  let nearest = Number.POSITIVE_INFINITY;
  for (let line = 0; line + nameColumn < text.length; line = nextLine(text, line)) {
    const distance = (hexWord(text, line) - high) * 0x1_0000_0000 + hexWord(text, line + 8) - low;
    if (distance > 0 && distance < nearest) nearest = distance;
  }
  return nearest <= maxOffset ? BigInt(nearest) : undefined;
}

function placeOfLine(text: Buffer, line: number): FunctionPlace {
  const { module } = symbolOfLine(text, line + nameColumn, 0n);
  return { address: BigInt(`0x${text.toString('latin1', line, line + addressDigits)}`), module };
}

function endsName(byte: number | undefined): boolean {
  return byte === undefined || byte === newline || byte === 0x09 || byte === 0x20;
}

/** Sorted by address: halves of the addresses, and where the names start. Halves, because numbers are not exact. */
interface AddressIndex {
  readonly high: Uint32Array;
  readonly low: Uint32Array;
  readonly nameAt: Uint32Array;
}

function indexAddresses(text: Buffer): AddressIndex {
  const capacity = Math.floor(text.length / (nameColumn + 1)) + 1;
  const high = new Uint32Array(capacity);
  const low = new Uint32Array(capacity);
  const nameAt = new Uint32Array(capacity);
  let count = 0;
  let sorted = true;
  for (let line = 0; line + nameColumn < text.length; line = nextLine(text, line)) {
    const upper = hexWord(text, line);
    const lower = hexWord(text, line + 8);
    if (upper < 0xfff0_0000 || lower < 0) continue;
    const lastHigh = count > 0 ? (high[count - 1] ?? 0) : 0;
    if (upper < lastHigh || (upper === lastHigh && count > 0 && lower < (low[count - 1] ?? 0))) sorted = false;
    high[count] = upper;
    low[count] = lower;
    nameAt[count++] = line + nameColumn;
  }
  const index = { high: high.subarray(0, count), low: low.subarray(0, count), nameAt: nameAt.subarray(0, count) };
  return sorted ? index : sortIndex(index);
}

const noDigit = 255;
const hexDigits = Uint8Array.from({ length: 256 }, (_, byte) => {
  const value = '0123456789abcdef'.indexOf(String.fromCharCode(byte));
  return value < 0 ? noDigit : value;
});

/** Eight hexadecimal digits, or -1. */
function hexWord(text: Buffer, from: number): number {
  let value = 0;
  for (let at = from; at < from + 8; at++) {
    const digit = hexDigits[text[at] ?? 0] ?? noDigit;
    if (digit === noDigit) return -1;
    value = value * 16 + digit;
  }
  return value;
}

/** The core kernel is sorted in the file, modules and BPF programs follow in the order they were loaded. */
function sortIndex({ high, low, nameAt }: AddressIndex): AddressIndex {
  const order = Uint32Array.from(high, (_, i) => i).sort(
    (a, b) => (high[a] ?? 0) - (high[b] ?? 0) || (low[a] ?? 0) - (low[b] ?? 0) || a - b,
  );
  const pick = (from: Uint32Array): Uint32Array => Uint32Array.from(order, (i) => from[i] ?? 0);
  return { high: pick(high), low: pick(low), nameAt: pick(nameAt) };
}

function nearest(text: Buffer, index: AddressIndex, address: bigint): KernelSymbol | undefined {
  const { high, low, nameAt } = index;
  const wantedHigh = Number(address >> 32n);
  const wantedLow = Number(address & 0xffff_ffffn);
  let from = 0;
  let to = nameAt.length;
  while (from < to) {
    const middle = (from + to) >> 1;
    const difference = (high[middle] ?? 0) - wantedHigh || (low[middle] ?? 0) - wantedLow;
    if (difference <= 0) from = middle + 1;
    else to = middle;
  }
  if (from === 0) return undefined;
  let found = from - 1;
  const offset = (wantedHigh - (high[found] ?? 0)) * 0x1_0000_0000 + wantedLow - (low[found] ?? 0);
  if (offset > maxOffset) return undefined;
  // Of several names for one address the kernel's own messages use the first, so we do.
  while (found > 0 && high[found - 1] === high[found] && low[found - 1] === low[found]) found--;
  return symbolOfLine(text, nameAt[found] ?? 0, BigInt(offset));
}

function symbolOfLine(text: Buffer, nameAt: number, offset: bigint): KernelSymbol {
  let end = nameAt;
  while (!endsName(text[end])) end++;
  const name = text.toString('latin1', nameAt, end);
  if (text[end] === undefined || text[end] === newline) return { name, offset };
  const lineEnd = text.indexOf(newline, end);
  const module = text.toString('latin1', end, lineEnd < 0 ? text.length : lineEnd).trim();
  return module === '' ? { name, offset } : { name, offset, module: module.replace(/^\[|\]$/g, '') };
}
