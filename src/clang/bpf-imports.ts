/**
 * Imported BPF objects -> the functions that a script can call and the objects that its program is linked with: `.bpf.c` is
 * compiled with the clang that compiles everything, `.bpf.o` is taken as it is. Linking is left to libbpf
 * (runtime/libbpf/linker.ts), which knows how to join BTF, maps and global data.
 */
import { readFileSync } from 'node:fs';
import type { Report } from '../../grammar/diagnostic.ts';
import type { ImportedFile } from '../compiler/load-imports.ts';
import { functionsOf } from '../world/bpf-functions.ts';
import type { Definitions, ImportedObject, Prototype } from '../world/definitions.ts';
import { readElf } from '../world/elf.ts';
import { systemError } from '../world/system-error.ts';
import type { Arch } from '../world/world.ts';
import { parseCErrors } from './c-errors.ts';
import type { CSource } from './c-source.ts';
import { areUnchanged, packRecord, type ReadFile, readFiles, unpackRecord } from './cache-record.ts';
import { type Clang, compilerHeaders, type Workshop } from './clang.ts';
import { bpfIncludePaths } from './include-paths.ts';

/** Without those that cannot be used; then the report has the error, at the import. */
export async function readBpfImports(
  c: CSource,
  arch: Arch,
  clang: Clang,
  report: Report,
): Promise<Pick<Definitions, 'functions' | 'objects'>> {
  const objects: ImportedObject[] = [];
  const functions = new Map<string, Prototype>();
  for (const file of c.objects) {
    const object = file.path.endsWith('.c') ? await compiled(file, c, arch, clang, report) : asItIs(file, report);
    const offered = object && functionsOf(file.path, object);
    if (object !== undefined && offered === undefined) reportUseless(file, report);
    if (object !== undefined && offered !== undefined)
      objects.push({ name: file.path, object, hasLicense: readElf(object)?.section('license') !== undefined });
    for (const prototype of offered ?? []) {
      const before = functions.get(prototype.name);
      if (before !== undefined) reportSecond(prototype, before, file, report);
      functions.set(prototype.name, prototype);
    }
  }
  return { functions, objects };
}

function reportUseless(file: ImportedFile, report: Report): void {
  report.error('import-object', file.span, `${file.path} is no BPF object with type information (BTF)`, {
    hint: 'clang writes BTF with -target bpf -g',
  });
}

function reportSecond({ name, object }: Prototype, before: Prototype, file: ImportedFile, report: Report): void {
  report.error('import-function-twice', file.span, `${name}() is in ${object} and in ${before.object}`);
}

function asItIs(file: ImportedFile, report: Report): Uint8Array | undefined {
  try {
    return readFileSync(file.path);
  } catch (failure) {
    const reason = systemError(failure);
    if (reason === undefined) throw failure;
    report.error('import-object-unreadable', file.span, `cannot read ${file.path}: ${reason}`);
    return undefined;
  }
}

function compiled(
  file: ImportedFile,
  { includeFolders, environment }: CSource,
  arch: Arch,
  clang: Clang,
  report: Report,
): Promise<Uint8Array | undefined> {
  return clang.inWorkshop(report, async (workshop: Workshop) => {
    const { args, searched } = bpfIncludePaths(includeFolders, environment, arch, compilerHeaders());
    const options = [...target, targetArch(arch), ...args];
    const { cache } = workshop;
    const key = cache.isOff ? '' : cache.key(['import 1', workshop.stamp, ...options, file.path]);
    const known = unchanged(cache.read(key));
    if (known !== undefined) {
      workshop.remark(`object of ${file.path} taken from the cache`);
      return known;
    }
    const [output, dependencies] = ['import.o', 'import.d'];
    const outputs = ['-dependency-file', dependencies, '-MT', output, '-sys-header-deps', '-o', output];
    const run = await workshop.frontEnd('import', [...options, ...outputs, file.path]);
    const object = run.failure === undefined ? workshop.read(output) : undefined;
    if (object !== undefined) {
      const rule = Buffer.from(workshop.read(dependencies) ?? []).toString('utf8');
      cache.write(key, packRecord({ files: readFiles(dependenciesIn(rule)) }, object));
      return object;
    }
    const errors = parseCErrors(run.stderr);
    for (const { file: path, line, column, text } of errors) {
      const isMissingHeader = text.endsWith('file not found');
      report.error('import-c', file.span, `${path}:${line}:${column}: ${text}`, {
        hint: isMissingHeader ? `-I DIR names another folder; looked in ${searched.join(', ')}` : undefined,
      });
    }
    if (errors.length > 0) return undefined;
    const last = run.stderr.trim().split('\n').at(-1) ?? '';
    report.error('import-failed', file.span, `${workshop.location.path} failed (${run.failure}): ${last}`);
    return undefined;
  });
}

/** The object, while the files that it was made from are what they were. */
function unchanged(record: Uint8Array | undefined): Uint8Array | undefined {
  if (record === undefined) return undefined;
  const { facts, bytes } = unpackRecord(record);
  const { files }: { readonly files: readonly ReadFile[] } = JSON.parse(facts);
  return areUnchanged(files) ? bytes : undefined;
}

/** The files in a rule for make: `target: file file`, in which a backslash and `$` protect characters and backslashes end lines. */
function dependenciesIn(rule: string): readonly string[] {
  const words = rule.slice(rule.indexOf(':') + 1).match(/(?:\\[^\n]|\$\$|[^\s\\])+/g) ?? [];
  return words.map((word) => word.replace(/\\(.)/g, '$1').replaceAll('$$', '$'));
}

/** As our own C is compiled; with warnings off, because the C is not ours to judge. */
const target: readonly string[] = [
  ...['-triple', 'bpfel', '-target-cpu', 'v3', '-emit-obj', '-O2', '-w', '-std=gnu17', '-fgnuc-version=4.2.1'],
  ...['-debug-info-kind=constructor', '-dwarf-version=5', '-fno-caret-diagnostics', '-fdebug-compilation-dir=.'],
];

/** What bpf_tracing.h wants to know. */
function targetArch(arch: Arch): string {
  return `-D__TARGET_ARCH_${arch === 'x86_64' ? 'x86' : arch}`;
}
