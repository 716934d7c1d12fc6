/**
 * The event folders of tracefs: which tracepoints exist, and what their records look like. A format file is turned into
 * the same Fields as a BTF struct, so the checker does not see where a member came from.
 */
import { type Field, int8, pointerTo, type Type } from '../types/type.ts';
import { typeFromCAlone } from './c-declaration.ts';
import { type HostFiles, readText } from './host-files.ts';
import type { TracepointName } from './world.ts';

/** Where tracefs is mounted: its own place first, then the old one inside debugfs. Undefined when at neither. */
export function findTracefs(files: HostFiles): string | undefined {
  return ['/sys/kernel/tracing', '/sys/kernel/debug/tracing'].find(
    (root) => files.stat(`${root}/events`)?.kind === 'directory',
  );
}

/**
 * All events that can be enabled, unsorted. `available_events` takes the kernel 1.4 ms for 2300 events, walking the 105
 * folders takes 2 ms and also shows the category `ftrace`, whose events nobody can attach to; so folders are only walked
 * when the file cannot be read.
 */
export function listEvents(files: HostFiles, root: string): readonly TracepointName[] {
  const text = readText(files, `${root}/available_events`);
  if (text === undefined) return walkEventFolders(files, root);
  return text.split('\n').flatMap((line) => {
    const colon = line.indexOf(':');
    return colon > 0 ? [{ category: line.slice(0, colon), name: line.slice(colon + 1) }] : [];
  });
}

/**
 * Number of the event for perf_event_open(2); differs from boot to boot and kernel to kernel. Undefined when there is no
 * such event.
 */
export function readEventId(files: HostFiles, root: string, event: TracepointName): number | undefined {
  const text = readEventFile(files, root, event, 'id')?.trim();
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}

/**
 * Members of the event's record in file order, `common_*` included; offsets count from the start of the record. `typeOf`
 * resolves C type names; without BTF leave it out. Undefined when there is no such event.
 */
export function readEventFields(
  files: HostFiles,
  root: string,
  event: TracepointName,
  typeOf: (text: string) => Type | undefined = typeFromCAlone,
): readonly Field[] | undefined {
  const text = readEventFile(files, root, event, 'format');
  return text === undefined ? undefined : parseEventFields(text, event.category, typeOf);
}

/**
 * Lines that are not understood are left out: a field that the kernel describes in a way we do not know must not take the
 * others along.
 */
export function parseEventFields(
  text: string,
  category: string,
  typeOf: (text: string) => Type | undefined,
): readonly Field[] {
  return text.split('\n').flatMap((line) => parseFieldLine(line, category, typeOf) ?? []);
}

function readEventFile(files: HostFiles, root: string, event: TracepointName, file: string): string | undefined {
  if (!isFileName(event.category) || !isFileName(event.name)) return undefined;
  return readText(files, `${root}/events/${event.category}/${event.name}/${file}`);
}

function walkEventFolders(files: HostFiles, root: string): readonly TracepointName[] {
  const categories = (files.list(`${root}/events`) ?? []).filter((name) => name !== 'ftrace');
  return categories.flatMap((category) =>
    (files.list(`${root}/events/${category}`) ?? [])
      .filter((name) => name !== 'enable' && name !== 'filter')
      .map((name) => ({ category, name })),
  );
}

/** Script text becomes a path here, so it must not climb. */
function isFileName(name: string): boolean {
  return name !== '' && name !== '.' && name !== '..' && !name.includes('/') && !name.includes('\0');
}

interface RawField {
  readonly declaration: string;
  /** Declaration without name and brackets: `const char *`, `__data_loc char[]`. */
  readonly typeText: string;
  readonly name: string;
  /** What stands in the brackets after the name, outermost first: a number, nothing, or an expression. */
  readonly lengths: readonly string[];
  readonly offset: number;
  readonly size: number;
  readonly signed: boolean;
}

/** `field:TYPE NAME[N]; offset:O; size:S; signed:G;` */
function parseFieldLine(line: string, category: string, typeOf: (text: string) => Type | undefined): Field | undefined {
  const parts = /^\s*field:(.*?);\s*offset:(\d+);\s*size:(\d+);(?:\s*signed:(\d);)?/.exec(line);
  if (parts === null) return undefined;
  const declaration = (parts[1] ?? '').trim();
  const declarator = splitDeclaration(declaration);
  if (declarator === undefined) return undefined;
  const raw: RawField = {
    ...declarator,
    declaration,
    offset: Number(parts[2]),
    size: Number(parts[3]),
    signed: parts[4] === '1',
  };
  const { name, offset } = raw;
  const elsewhere = /^(__data_loc|__rel_loc)\s+(.*?)(?:\[[^\]]*\])?$/.exec(raw.typeText);
  if (elsewhere !== null) {
    const via = elsewhere[1] === '__data_loc' ? 'data-loc' : 'rel-loc';
    const element = typeOf(elsewhere[2] ?? '') ?? int8;
    return { name, type: pointerTo(element, 'kernel'), offset, via, declaration };
  }
  const type = typeOf(raw.typeText);
  const placed = category === 'syscalls' && type !== undefined ? inUserSpace(type) : type;
  return { name, type: fieldType(raw, placed), offset, declaration };
}

/** The name is the last identifier outside brackets; in function pointers (`int (*fn)(void)`) the first starred one. */
function splitDeclaration(text: string): Pick<RawField, 'typeText' | 'name' | 'lengths'> | undefined {
  const pointer = /^(.*\(\s*\*\s*)(\w+)(\s*\).*)$/.exec(text);
  if (pointer !== null) {
    return { typeText: `${pointer[1]}${pointer[3]}`, name: pointer[2] ?? '', lengths: [] };
  }
  const parts = /^(.*?[\s*\]])(\w+)\s*((?:\[[^\]]*\])*)$/.exec(text);
  if (parts === null) return undefined;
  const lengths = [...(parts[3] ?? '').matchAll(/\[([^\]]*)\]/g)].map((bracket) => (bracket[1] ?? '').trim());
  return { typeText: (parts[1] ?? '').trim(), name: parts[2] ?? '', lengths };
}

/** The kernel's word on size and sign wins over the C type's: system call arguments are 8 bytes whatever they are. */
function fieldType(raw: RawField, type: Type | undefined): Type {
  const [outermost, ...inner] = raw.lengths;
  if (outermost === undefined) return sizedType(type, raw.size, raw.signed);
  const known = raw.lengths.map((text) => (/^\d+$/.test(text) ? Number(text) : undefined));
  const total = known.reduce<number | undefined>((all, n) => (all === undefined || n === undefined ? all : all * n), 1);
  const elements = known.includes(undefined) ? undefined : total;
  if (isChar(raw.typeText) && inner.length === 0 && raw.size > 0) return { kind: 'string', size: raw.size };
  // Before Linux 6.0 the length could be a macro's name; then it follows from the element's size.
  const elementSize =
    elements !== undefined && elements > 0 ? raw.size / elements : type?.kind === 'int' ? type.bytes : undefined;
  if (elementSize === undefined || !Number.isInteger(elementSize) || elementSize <= 0) return { kind: 'none' };
  const element = sizedType(type, elementSize, raw.signed);
  if (element.kind === 'none') return element;
  if (elements === undefined && inner.length > 0) return { kind: 'none' };
  return (elements === undefined ? [raw.size / elementSize] : known).reduceRight<Type>(
    (of, length) => ({ kind: 'array', of, length: length ?? 0 }),
    element,
  );
}

function isChar(typeText: string): boolean {
  return typeText.replace(/\bconst\b/g, '').trim() === 'char';
}

/** A value of exactly `size` bytes. What C knows under no name is an integer if it is as long as one. */
function sizedType(type: Type | undefined, size: number, signed: boolean): Type {
  if (type?.kind === 'struct' && type.size === size) return type;
  if (type?.kind === 'pointer' && size === 8) return type;
  if (type?.kind === 'bool' && size === 1) return type;
  if (type?.kind === 'array' || type?.kind === 'string') return type;
  if (size !== 1 && size !== 2 && size !== 4 && size !== 8) return { kind: 'none' };
  if (type?.kind === 'enum') return { ...type, bytes: size };
  return { kind: 'int', bytes: size, signed };
}

/** Arguments of system calls come from user space, and so does what they point to. */
function inUserSpace(type: Type): Type {
  return type.kind === 'pointer' ? pointerTo(inUserSpace(type.to), 'user') : type;
}
