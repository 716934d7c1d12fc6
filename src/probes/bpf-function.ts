/**
 * `fentry:bpf:[ID:]NAME` and `fexit:bpf:[ID:]NAME`: functions of the BPF programs that other tools have loaded, the programs
 * themselves and what they call. What there is the kernel tells at the start of the run, so programs of the same run are
 * no targets. fentry.ts leads here.
 */
import { closest } from '../../grammar/suggest.ts';
import type { BpfFunction, BpfPrograms, LoadedProgram } from '../world/bpf-programs.ts';
import type { FunctionPrototype } from '../world/btf-functions.ts';
import { glob } from '../world/glob.ts';
import type { World } from '../world/world.ts';
import type { ListedProbe, Pattern, ProgramShape, Target } from './probe-kind.ts';

/** First part of such an attach point. A module of that name cannot be there: the kernel's symbols use it for programs. */
export const bpf = 'bpf';

/** Whether the parts are those of a function of a BPF program, and not of the kernel. */
export function isBpfFunction(parts: readonly string[]): boolean {
  return parts.length > 1 && parts[0] === bpf;
}

export function bpfSyntax(kind: string): readonly string[] {
  return [`${kind}:bpf:PROGRAM`, `${kind}:bpf:ID:PROGRAM`];
}

interface Wanted {
  /** A number, or a wildcard. */
  readonly id: string;
  readonly name: string;
}

function wanted(parts: readonly string[]): Wanted {
  const [, first = '*', second] = parts;
  return second === undefined ? { id: '*', name: first } : { id: first, name: second };
}

export function matchBpf(kind: string, { parts }: Pattern, world: World): readonly Target[] {
  const found = functionsLike(parts, world).filter((each) => obstacleOf(each, world) === undefined);
  return found.map(({ program, name }) => ({
    name: `${kind}:${bpf}:${program}:${name}`,
    parts: [bpf, `${program}`, name],
  }));
}

function functionsLike(parts: readonly string[], world: World): readonly BpfFunction[] {
  const { id, name } = wanted(parts);
  const [ids, names] = [glob(id), glob(name)];
  return (world.bpfPrograms()?.functions() ?? []).filter(
    (each) => ids.matches(`${each.program}`) && names.matches(each.name),
  );
}

function programOf(programs: BpfPrograms | undefined, id: number): LoadedProgram | undefined {
  return programs?.programs.find((program) => program.id === id);
}

function obstacleOf({ program, prototype }: BpfFunction, world: World): string | undefined {
  return programOf(world.bpfPrograms(), program)?.obstacle ?? prototype.obstacle;
}

export function bpfShape(kind: 'fentry' | 'fexit', target: Target, readsArgs: boolean, world: World): ProgramShape {
  const [, id = '', name = ''] = target.parts;
  const program = Number(id);
  const prototype = world.bpfPrograms()?.find(program, name)?.prototype;
  if (prototype === undefined) throw new Error(`${target.name} has no prototype any more`);
  const { words, parameters, id: btfId } = prototype;
  return {
    type: 'tracing',
    section: `${kind}/${name}`,
    context: { by: 'words', count: words, ...(kind === 'fexit' ? resultOf(prototype, world) : {}) },
    attach: { kind: 'tracing', target: { module: bpf, name, btfId, program } },
    targets: [target],
    args: readsArgs ? { fields: parameters, from: 'words' } : undefined,
    select: { by: 'none' },
    filtersPid: true,
  };
}

/**
 * Where the verifier does not trust the types of a program (a context that is not declared as such) the result lies behind
 * five words, whatever the arguments are. A helper tells the right word; whether there is one is in the kernel's BTF.
 */
function resultOf(
  { result, returnsVoid }: FunctionPrototype,
  world: World,
): { readonly returns?: { readonly word: 'asked'; readonly type: FunctionPrototype['result'] } } {
  const hasHelper = world.kernelTypes()?.enumConstant('BPF_FUNC_get_func_ret') !== undefined;
  return returnsVoid || !hasHelper ? {} : { returns: { word: 'asked', type: result } };
}

// ---------------------------------------------------------------------------------------------------- messages

export function explainMissingBpf(kind: string, pattern: Pattern, world: World): Explanation {
  const programs = world.bpfPrograms();
  const { id, name } = wanted(pattern.parts);
  if (programs === undefined) {
    return {
      message: 'The kernel does not show which BPF programs are loaded',
      hint: 'That needs root, or CAP_BPF and CAP_SYS_ADMIN.',
    };
  }
  const found = functionsLike(pattern.parts, world);
  const [blocked] = found;
  if (blocked !== undefined) {
    return {
      message: `The kernel attaches nothing to ${name} of BPF program ${blocked.program}: ${obstacleOf(blocked, world)}`,
    };
  }
  if (!/^\d+$/.test(id)) return unknownName(kind, name, programs);
  const program = programOf(programs, Number(id));
  const elsewhere = programs.functions().filter((each) => each.name === name);
  if (program === undefined) {
    const [other] = elsewhere;
    return {
      message: `There is no BPF program with the number ${id}`,
      ...(other === undefined ? listHint(kind) : { hint: `Did you mean '${kind}:${bpf}:${other.program}:${name}'?` }),
    };
  }
  if (program.btf === undefined) return withoutTypes(program);
  const names = programs.functions().flatMap((each) => (each.program === program.id ? [each.name] : []));
  return { message: `BPF program ${id} has no function '${name}'`, hint: `It has ${names.join(', ')}.` };
}

interface Explanation {
  readonly message: string;
  readonly hint?: string;
}

function unknownName(kind: string, name: string, programs: BpfPrograms): Explanation {
  const untyped = programs.programs.find((each) => each.btf === undefined && each.name !== '' && each.name === name);
  if (untyped !== undefined) return withoutTypes(untyped);
  const near = closest(
    name,
    programs.functions().map((each) => each.name),
  );
  return {
    message: `No BPF program that is loaded has a function '${name}'`,
    ...(near === undefined ? listHint(kind) : { hint: `Did you mean '${near}'?` }),
  };
}

function withoutTypes({ id, name }: LoadedProgram): Explanation {
  return {
    message: `BPF program ${id}${name === '' ? '' : ` (${name})`} was loaded without type information (BTF), which tells its functions`,
    hint: 'Compile it with -g and load it with libbpf, which hands that on.',
  };
}

function listHint(kind: string): { readonly hint: string } {
  return { hint: `ebtrace -l '${kind}:bpf:*' lists those there are.` };
}

// ---------------------------------------------------------------------------------------------------- listing

/** Sorted by line, as all listings. */
export function listBpf(kind: 'fentry' | 'fexit', parts: readonly string[], world: World): readonly ListedProbe[] {
  return functionsLike(parts, world)
    .map(({ program, name, prototype }) => ({
      line: `${kind}:${bpf}:${program}:${name}`,
      details: () => declarationsOf(kind, prototype),
    }))
    .sort((a, b) => (a.line < b.line ? -1 : 1));
}

/** The lines of `-lv`, of functions of the kernel too. */
export function declarationsOf(kind: 'fentry' | 'fexit', prototype: FunctionPrototype): readonly string[] {
  const parameters = prototype.parameters.flatMap((field) => field.declaration ?? []);
  if (kind === 'fentry' || prototype.returnsVoid) return parameters;
  return [...parameters, `${prototype.resultDeclaration} retval`];
}
