/**
 * The script's C (preamble, `--include`, imported headers) -> Definitions, through clang. There is no second C parser, so
 * clang is asked three things, each by what it can tell best:
 * - `-E -dD` gives the macros, the files read, and text in which every tag and unnamed enum is a word to be found;
 * - code completion at the end of the file lists the names of typedefs and constants (no output of clang but a dump of
 *   the whole tree tells which names those are, and a dump of a large header has megabytes);
 * - an object with BTF gives the types. clang writes BTF only for what is used, so each tag and typedef gets an anchor, a
 *   pointer to it. The C is read for this machine, as its headers demand, and only the intermediate code becomes BPF.
 * All names are anchored, not only those that the script mentions: BTF has but the names of the structs that pointers of
 * others lead to, and scripts follow those. Only of thousands, the nearest ones are taken (nearest-names.ts). The runs take 50 ms together; the result is cached.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import { type Definitions, noDefinitions } from '../world/definitions.ts';
import { readElf } from '../world/elf.ts';
import type { World } from '../world/world.ts';
import { borrowedDeclaration } from './borrowed-types.ts';
import { type CError, parseCErrors, reportCErrors, unknownNames } from './c-errors.ts';
import { type CSource, cText, pseudoFile } from './c-source.ts';
import { hashOf, readFiles } from './cache-record.ts';
import { type Clang, compilerHeaders, type FrontEndRun, type Workshop } from './clang.ts';
import { type Anchor, anchorsOf, valuesOf } from './definition-names.ts';
import {
  type BorrowedType,
  type DefinitionsRecord,
  decodeRecord,
  encodeRecord,
  toDefinitions,
} from './definitions-record.ts';
import { type IncludePaths, includePaths } from './include-paths.ts';
import { warnOfClashes } from './kernel-clash.ts';
import { readPreprocessed } from './preprocessed.ts';

export type { CSource } from './c-source.ts';

export function hasC(c: CSource): boolean {
  return c.preamble.length + c.includeFiles.length + c.headers.length > 0;
}

/** None when the C has errors, which are in the report then. */
export async function readDefinitions(c: CSource, world: World, clang: Clang, report: Report): Promise<Definitions> {
  if (!hasC(c)) return noDefinitions;
  const read = await clang.inWorkshop(report, async (workshop) => {
    const paths = includePaths(c, world.arch, compilerHeaders());
    const text = cText(c, report.source, [], []);
    const options = [...commonOptions, ...haveBtf(world), ...paths.args];
    const { cache } = workshop;
    const key = cache.isOff ? '' : cache.key(['definitions 6', workshop.stamp, ...options, text]);
    const known = cache.read(key);
    const current = known && decodeRecord(known, report.source.text, world.kernelTypes);
    if (current !== undefined) workshop.remark('C definitions taken from the cache');
    const record = current ?? (await new Reading({ c, world, workshop, report, paths, options }).read(text));
    if (record === undefined) return undefined;
    if (current === undefined) cache.write(key, encodeRecord(record));
    const definitions = toDefinitions(record, world.kernelTypes);
    warnOfClashes(c, definitions, world, report);
    return definitions;
  });
  return read ?? noDefinitions;
}

/** No warnings: they would be about headers, or about what clang cannot know. GNU C, as the system's headers expect. */
const commonOptions = ['-w', '-fno-caret-diagnostics', '-ferror-limit', '0', '-fgnuc-version=4.2.1', '-std=gnu17'];

/** Completion leaves out names like `__u32` of system headers. */
function asOwnHeaders(option: string): string {
  return option === '-isystem' ? '-I' : option;
}

function haveBtf(world: World): readonly string[] {
  if (world.kernelTypes() === undefined) return [];
  return ['-D', 'BPFTRACE_HAVE_BTF', '-D', 'EBTRACE_HAVE_BTF'];
}

interface ReadingInput {
  readonly c: CSource;
  readonly world: World;
  readonly workshop: Workshop;
  readonly report: Report;
  readonly paths: IncludePaths;
  readonly options: readonly string[];
}

/** One script's C; the class holds what all runs need. */
class Reading {
  readonly #in: ReadingInput;

  constructor(input: ReadingInput) {
    this.#in = input;
  }

  async read(text: string): Promise<DefinitionsRecord | undefined> {
    const { workshop, options } = this.#in;
    workshop.write('definitions.c', text);
    // At the start of a statement, types and constants may follow.
    const opening = 'void ebtrace_completion(void) {';
    workshop.write('completion.c', `${text}${opening}\n`);
    const at = `completion.c:${text.split('\n').length}:${opening.length + 1}`;
    const [preprocessing] = await Promise.all([
      workshop.frontEnd('preprocessing', [...options, '-E', '-dD', 'definitions.c', '-o', 'definitions.i']),
      workshop.frontEnd('completion', [
        ...options.map(asOwnHeaders),
        '-fsyntax-only',
        `-code-completion-at=${at}`,
        'completion.c',
      ]),
    ]);
    const output = workshop.read('definitions.i');
    if (preprocessing.failure !== undefined || output === undefined) return this.#failInFull(text, preprocessing);
    const preprocessed = readPreprocessed(Buffer.from(output).toString('latin1'));
    const completions = Buffer.from(workshop.read('completion.out') ?? []).toString('latin1');
    const scriptText = this.#in.report.source.text;
    const anchors = anchorsOf(preprocessed, completions, new Set(scriptText.match(/[A-Za-z_]\w*/g) ?? []));
    const compiled = await this.#compile(anchors.list);
    if (compiled === undefined) return undefined;
    // Macros alone make nothing to translate.
    const object = compiled.anchors.length === 0 ? new Uint8Array() : await this.#toBpf();
    if (object === undefined) return undefined;
    return {
      macros: [...preprocessed.macros],
      functionMacros: preprocessed.functionMacros,
      unnamedEnums: valuesOf(compiled.anchors, object, preprocessed),
      borrowed: compiled.borrowed,
      script: anchors.isLimited ? hashOf(scriptText) : '',
      files: readFiles(preprocessed.files),
      btf: readElf(object)?.section('.BTF') ?? new Uint8Array(),
    };
  }

  /**
   * Compiles until nothing is missing that the kernel has, and without anchors that turn out to be no types: both show
   * as errors. Each round borrows or drops something, so the rounds come to an end.
   */
  async #compile(candidates: readonly Anchor[]): Promise<Compiled | undefined> {
    const { c, report, world } = this.#in;
    let anchors = candidates;
    const borrowed = new Map<string, BorrowedType>();
    let first: ClangAnswer | undefined;
    for (;;) {
      const lines = [...borrowed.values()].map((type) => type.c);
      const text = cText(
        c,
        report.source,
        lines,
        anchors.map((anchor) => anchor.c),
      );
      const answer = await this.#toIntermediate(text);
      if (answer.failure === undefined) return { anchors, borrowed: [...borrowed.values()] };
      first ??= answer;
      const dropped = new Set(answer.errors.filter(isAboutAnchor).map((error) => error.line - 1));
      const kernel = world.kernelTypes();
      const found = unknownNames(answer.errors.filter((error) => !isAboutAnchor(error))).flatMap((unknown) => {
        const declaration = kernel && borrowedDeclaration(unknown, kernel);
        const key = `${unknown.kind} ${unknown.name}`;
        return declaration === undefined || borrowed.has(key) ? [] : [{ key, type: { ...unknown, c: declaration } }];
      });
      if (dropped.size === 0 && found.length === 0) {
        // What was borrowed may be defined further down: then the words of the first round are the better ones.
        this.#fail(answer.errors.some((error) => error.file === pseudoFile.borrowed) ? first : answer);
        return undefined;
      }
      for (const { key, type } of found) borrowed.set(key, type);
      anchors = anchors.filter((_, i) => !dropped.has(i));
    }
  }

  /** LLVM's intermediate code, of declarations only: bodies of inline functions hold assembler that BPF does not have. */
  async #toIntermediate(text: string): Promise<ClangAnswer> {
    const { workshop, options } = this.#in;
    workshop.write('definitions.c', text);
    const debug = ['-debug-info-kind=standalone', '-dwarf-version=5'];
    const args = [...options, '-emit-llvm-bc', '-O0', '-skip-function-bodies', ...debug, '-fdebug-compilation-dir=.'];
    const run = await workshop.frontEnd('compilation', [...args, 'definitions.c', '-o', 'definitions.bc']);
    return { ...run, errors: parseCErrors(run.stderr) };
  }

  async #toBpf(): Promise<Uint8Array | undefined> {
    const { workshop } = this.#in;
    const args = ['-triple', 'bpfel', '-target-cpu', 'v3', '-w', '-emit-obj', 'definitions.bc', '-o', 'definitions.o'];
    const run = await workshop.frontEnd('translation', args);
    const object = workshop.read('definitions.o');
    if (run.failure === undefined && object !== undefined) return object;
    this.#fail({ ...run, errors: [] });
    return undefined;
  }

  /** The preprocessor stops at what it cannot do; the compiler tells about the rest as well. */
  async #failInFull(text: string, preprocessing: FrontEndRun): Promise<undefined> {
    const answer = await this.#toIntermediate(text);
    this.#fail(
      answer.failure === undefined ? { ...preprocessing, errors: parseCErrors(preprocessing.stderr) } : answer,
    );
  }

  #fail({ failure = 'no output', stderr, errors }: ClangAnswer): void {
    const { c, paths, workshop, report } = this.#in;
    const users = errors.filter((error) => !isAboutAnchor(error));
    const run = { clang: workshop.location, failure, errors: users, stderr, searched: paths.searched };
    reportCErrors(run, c, report);
  }
}

interface Compiled {
  readonly anchors: readonly Anchor[];
  readonly borrowed: readonly BorrowedType[];
}

interface ClangAnswer extends FrontEndRun {
  readonly errors: readonly CError[];
}

function isAboutAnchor(error: CError): boolean {
  return error.file === pseudoFile.anchors;
}
