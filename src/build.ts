/**
 * READ ME FIRST: the compiler on one screen, source -> Program, one line a pass. Everything up to the C text is
 * synchronous and deterministic and needs neither root nor a kernel, but for the script's own C, which clang reads;
 * then clang makes the object.
 */
import type { Script } from '../grammar/ast.ts';
import type { Checked, Report } from '../grammar/diagnostic.ts';
import type { SourceText } from '../grammar/source.ts';
import { readBpfImports } from './clang/bpf-imports.ts';
import { type CSource, hasC, readDefinitions } from './clang/c-definitions.ts';
import type { Clang } from './clang/clang.ts';
import type { TypedScript } from './compiler/check.ts';
import { check } from './compiler/check.ts';
import { emitProgram } from './compiler/emit-program.ts';
import { expand } from './compiler/expand.ts';
import { type ImportEnv, type LoadedScript, loadScript } from './compiler/load-imports.ts';
import { matchProbes } from './compiler/match-probes.ts';
import { hasBrokenC, mayLackNames } from './compiler/missing-names.ts';
import { withStringsForKeys } from './compiler/strings-for-keys.ts';
import { resolveConfig } from './config/resolve.ts';
import type { Program } from './program/program.ts';
import { isProgramTable } from './world/bpf-programs.ts';
import { type Definitions, noDefinitions } from './world/definitions.ts';
import { KnownTypes } from './world/known-types.ts';
import type { World } from './world/world.ts';

export interface BuildEnv extends ImportEnv {
  readonly world: World;
  /** For the EBTRACE_* and BPFTRACE_* options. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
  /** `--name=value` of the script, as byte strings; `true` without a value. */
  readonly namedParameters?: ReadonlyMap<string, string | true> | undefined;
  /** --unsafe */
  readonly unsafe: boolean;
  /** -k: failed reads and missing keys are counted and reported too. */
  readonly reportReads?: boolean | undefined;
  readonly probeFilter?: RegExp | undefined;
  /** --test, --bench */
  readonly requested?: 'test' | 'bench' | undefined;
  /** `-I DIR` */
  readonly includeFolders?: readonly string[] | undefined;
  /** `--include FILE` */
  readonly includeFiles?: readonly string[] | undefined;
  /** Called after each pass with its result, for `-d`. */
  readonly onStage?: ((stage: BuildStage) => void) | undefined;
}

export type BuildStage =
  | { readonly name: 'ast'; readonly script: Script }
  | { readonly name: 'types'; readonly typed: TypedScript }
  | { readonly name: 'c'; readonly c: string };

/** The whole way; the object is loadable. */
export async function build(source: SourceText, env: BuildEnv, clang: Clang): Promise<Checked<Program>> {
  const { loaded, report } = loadScript(source, env);
  const before = report.errorCount;
  const found = definitionsOf(loaded, env, clang, report);
  // Not awaited when it is there: callers see the stages of such a script before the first await.
  const definitions = found instanceof Promise ? await found : found;
  const program = compileLoaded(loaded, definitions, env, report, report.errorCount - before);
  if (program === undefined) return report.failed();
  const object = await clang.compile(program.c, report);
  return object === undefined ? report.failed() : report.done({ ...program, object });
}

/** Up to the C text; `object` is empty. clang is asked only when the script has C of its own. */
export async function plan(source: SourceText, env: BuildEnv, clang: Clang): Promise<Checked<Program>> {
  const { loaded, report } = loadScript(source, env);
  const before = report.errorCount;
  const definitions = await definitionsOf(loaded, env, clang, report);
  const program = compileLoaded(loaded, definitions, env, report, report.errorCount - before);
  return program === undefined ? report.failed() : report.done(program);
}

/** Like `plan`, without clang: what the script would know from C is given by the caller. */
export function compile(source: SourceText, env: BuildEnv, definitions: Definitions = noDefinitions): Checked<Program> {
  const { loaded, report } = loadScript(source, env);
  const program = compileLoaded(loaded, definitions, env, report);
  return program === undefined ? report.failed() : report.done(program);
}

function compileLoaded(
  { script, source }: LoadedScript,
  definitions: Definitions,
  env: BuildEnv,
  report: Report,
  errorsInC = 0,
): Program | undefined {
  const namesMissing = mayLackNames(script, report);
  env.onStage?.({ name: 'ast', script });
  const types = new KnownTypes(definitions.types, env.world.kernelTypes, (table) =>
    isProgramTable(table) ? env.world.bpfPrograms()?.types(table) : undefined,
  );
  const asked = resolveConfig(script.config, env.environment, report);
  const expanded = expand(script, { ...env, definitions, namesMissing }, report);
  const matched = matchProbes(expanded, { ...env, config: asked }, report);
  const { checked, config } = withStringsForKeys(asked, report, (config) =>
    check(expanded, matched, { ...env, config, types, definitions, namesMissing, errorsInC }, report),
  );
  const typed = { ...checked, programs: checked.programs.filter(({ matched }) => matched.onlyChecked !== true) };
  env.onStage?.({ name: 'types', typed });
  if (report.hasErrors) return undefined;
  const program = emitProgram(source, typed, { ...env, config, types, definitions });
  env.onStage?.({ name: 'c', c: program.c });
  return program;
}

/** What could not be read is reported and missing; the rest of the script is checked all the same. */
function definitionsOf(
  { script, headers, objects }: LoadedScript,
  env: BuildEnv,
  clang: Clang,
  report: Report,
): Promise<Definitions> | Definitions {
  const { includeFiles = [], includeFolders = [], scriptFolder, environment } = env;
  const { preamble } = script;
  const c: CSource = { preamble, includeFiles, includeFolders, headers, objects, scriptFolder, environment };
  const isReadable = hasC(c) && !hasBrokenC(script, report);
  const definitions = isReadable ? readDefinitions(c, env.world, clang, report) : noDefinitions;
  return objects.length === 0 ? definitions : withImports(definitions, c, env, clang, report);
}

async function withImports(
  definitions: Promise<Definitions> | Definitions,
  c: CSource,
  { world }: BuildEnv,
  clang: Clang,
  report: Report,
): Promise<Definitions> {
  const imports = await readBpfImports(c, world.arch, clang, report);
  return { ...(await definitions), ...imports };
}
