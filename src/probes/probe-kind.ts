/**
 * The interface of a probe kind: one file per kind implements it, index.ts is the table. A kind turns the text of an
 * attach point into a pattern, the pattern into targets, and targets into programs described as data: what type,
 * where its arguments are, how it learns which target fired, how to attach it. Emitter and runtime know no kind by name.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { Span } from '../../grammar/source.ts';
import type { AttachSpec } from '../program/attach-spec.ts';
import type { ProbePlan } from '../program/program.ts';
import type { AddressSpace, Field, Type } from '../types/type.ts';
import type { World } from '../world/world.ts';

/** Documentation of a registry entry. `example` is a whole script; docs tests compile it. */
export interface Doc {
  readonly summary: string;
  readonly example: string;
}

/** One attach point, taken apart by attach-point.ts: `name=provider:part:part`. */
export interface AttachArgs {
  /** Full provider name, lower case. */
  readonly provider: string;
  readonly parts: readonly AttachPart[];
  /** As written, positional parameters filled in. */
  readonly text: string;
  readonly span: Span;
  /** --unsafe: probes that may not be possible, or do harm, are left to the kernel. */
  readonly unsafe: boolean;
}

export interface AttachPart {
  readonly text: string;
  readonly span: Span;
}

/** One place where a body can run. */
export interface Target {
  /** What the builtin `probe` says: `tracepoint:sched:sched_switch`. */
  readonly name: string;
  /** Parts that this kind needs again: category and event, unit and count. */
  readonly parts: readonly string[];
}

/** What a body asks for; decides how its targets may share a program. */
export interface BodyUsage {
  readonly args: boolean;
  readonly probe: boolean;
  /** Reads arg0, arg1 ... */
  readonly numberedArguments?: boolean;
  /**
   * As a tracepoint it has to be a perf tracepoint: it takes a stack, which should not begin with the functions that run the
   * program, or it calls functions of the kernel that raw tracepoints may not call.
   */
  readonly perfTracepoint?: boolean;
  /** Names of the fields of `args` that are read; undefined when `args` is used as a whole. */
  readonly fields: ReadonlySet<string> | undefined;
  /**
   * Names of targets whose arguments some body of the script reads: bodies on one event run in the order in which they
   * are written only when they are attached in the same way.
   */
  readonly argsReadOf?: ReadonlySet<string>;
  /** The same of targets where some body has to be a perf tracepoint. */
  readonly perfTracepoints?: ReadonlySet<string>;
  /** Last parts of the targets that an attach point shares with others: how those attach, others there have to. */
  readonly reachedTogether?: ReadonlySet<string>;
}

export interface ProgramShape {
  readonly type: ProbePlan['type'];
  /** ELF section of the program, from which libbpf takes program and attach type and BTF target: `tp`, `fentry/vfs_read`. */
  readonly section: string;
  /** What the program's context is, beyond `args`. */
  readonly context: ContextLayout;
  readonly attach: AttachSpec;
  /** At least one. */
  readonly targets: readonly Target[];
  readonly args: ArgsSource | undefined;
  readonly select: TargetSelection;
  /** Whether `-p` adds a test of the process id to the program. */
  readonly filtersPid: boolean;
  /**
   * Some targets are functions that BPF programs run through themselves: then no program of the script may run within
   * another one.
   */
  readonly nests?: true;
  /** On kernels with sessions it can be one half of a pair. */
  readonly session?: SessionHalf;
  /** The program's result tells whether a `return` gave a value other than 0; all other programs return 0. */
  readonly deliversResult?: true;
}

/** A program that can share its attachment with the program of another probe: entry and return of the same functions. */
export interface SessionHalf {
  readonly half: 'entry' | 'return';
  /** Equal for the two that belong together. */
  readonly key: string;
  /** What the program of both becomes. */
  readonly section: string;
  readonly attach: AttachSpec;
}

/** What a program's `ctx` points to: where argN, retval, func, reg() and `ctx` itself come from. */
export type ContextLayout =
  /** Nothing that a script can use. */
  | { readonly by: 'none' }
  /** struct pt_regs: at the entry of a function (argN), behind its return (retval), or where a sample hit. */
  | { readonly by: 'registers'; readonly at: 'entry' | 'return' | 'sample' }
  /**
   * 64-bit words, argument n of `count` in word n (trampolines, raw tracepoints); `returns` is the word of the result and
   * what it means. `asked`: only the kernel knows the word (bpf_get_func_ret).
   */
  | {
      readonly by: 'words';
      readonly count: number;
      readonly returns?: { readonly word: number | 'asked'; readonly type: Type };
    }
  /**
   * `struct bpf_iter__KIND`, seen as 64-bit words: the first leads to the file that is read, `objectWords` are pointers to the
   * object, which are NULL behind the last one.
   */
  | { readonly by: 'iterator'; readonly struct: string; readonly objectWords: readonly number[] };

/** Where `args` comes from. Field offsets are those of the tracefs format file in every case. */
export interface ArgsSource {
  readonly fields: readonly Field[];
  /**
   * `context`: the record is the context. `syscall-enter`, `syscall-exit`: raw tracepoints sys_enter(regs, id) and sys_exit(regs, ret);
   * field number n behind `__syscall_nr` is system-call argument n, or the return value. `words`: the context is 64-bit words, and
   * a field's offset is that of its word.
   */
  readonly from: 'context' | 'syscall-enter' | 'syscall-exit' | 'words';
}

/** How a program knows which of its targets fired. */
export type TargetSelection =
  /** It has one target, or does not care. */
  | { readonly by: 'none' }
  /** bpf_get_attach_cookie() is the index into `targets`. */
  | { readonly by: 'cookie' }
  /** The system-call number; numbers[i] belongs to targets[i]. Other numbers leave the program at once. */
  | { readonly by: 'syscall'; readonly event: 'enter' | 'exit'; readonly numbers: readonly number[] };

export interface ProbeKind {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly doc: Doc;
  /** What the builtin `probetype` says. */
  readonly probeType: string;
  /** How attach points are written, for messages and the manual: `tracepoint:CATEGORY:EVENT`. */
  readonly syntax: readonly string[];
  /** Part of plain `-l`. */
  readonly listed: boolean;
  /** Address space of pointers that have none of their own. */
  readonly space: AddressSpace;
  /** A script may have each target once: results are shown by its name. */
  readonly uniqueTargets?: true;
  /** A script with such a probe attaches nothing else. */
  readonly standsAlone?: true;
  /** Checks number and form of the parts; reports and returns undefined when they are wrong. */
  parse(args: AttachArgs, report: Report): Pattern | undefined;
  /** Targets of a pattern, in listing order; empty when there is no such probe. */
  match(pattern: Pattern, world: World): readonly Target[];
  /** Why `match` found nothing, in words, with a hint; only called then. */
  explainMissing(pattern: Pattern, world: World): Explanation;
  /** What to know about a target that is there, and named exactly: a warning. */
  caution?(pattern: Pattern): Explanation | undefined;
  /** Why this machine has no probe of the kind at all; undefined when it may have some. Said when a wildcard finds nothing. */
  whyNone?(world: World): Explanation | undefined;
  /** Programs for the targets of one attach point. */
  shape(targets: readonly Target[], usage: BodyUsage, world: World): readonly ProgramShape[];
  /** How many of `max_probes` they take, where one link can have several; each one if it is left out. */
  linkCount?(targets: readonly Target[], world: World): number;
  /** Lines of `-l` for a pattern whose parts may be wildcards, sorted; `verbose` adds argument lines (`-lv`). */
  list(parts: readonly string[], world: World): readonly ListedProbe[];
}

export interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

export interface Pattern {
  readonly parts: readonly string[];
  /** --unsafe: what cannot be found is left to the kernel. */
  readonly unsafe?: boolean;
  readonly hasWildcard: boolean;
}

export interface ListedProbe {
  readonly line: string;
  /** Lines of `-lv`, without indentation. */
  readonly details: () => readonly string[];
}
