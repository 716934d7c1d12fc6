/**
 * READ ME FIRST: the compiler on one screen, source -> Program, one line a pass. Everything up to the C text is
 * synchronous and deterministic and needs neither root nor a kernel; then clang makes the object.
 */
import type { Script } from '../grammar/ast.ts';
import type { Checked } from '../grammar/diagnostic.ts';
import { Report } from '../grammar/diagnostic.ts';
import { parse } from '../grammar/index.ts';
import type { SourceText } from '../grammar/source.ts';
import type { Clang } from './clang/clang.ts';
import type { TypedScript } from './compiler/check.ts';
import { check } from './compiler/check.ts';
import { emitProgram } from './compiler/emit-program.ts';
import { matchProbes } from './compiler/match-probes.ts';
import { refuseUnavailable } from './compiler/refuse.ts';
import { resolveConfig } from './config/resolve.ts';
import type { Program } from './program/program.ts';
import type { World } from './world/world.ts';

export interface BuildEnv {
  readonly world: World;
  /** For the EBTRACE_* and BPFTRACE_* options. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
  /** --unsafe */
  readonly unsafe: boolean;
  readonly probeFilter?: RegExp | undefined;
  /** Called after each pass with its result, for `-d`. */
  readonly onStage?: ((stage: BuildStage) => void) | undefined;
}

export type BuildStage =
  | { readonly name: 'ast'; readonly script: Script }
  | { readonly name: 'types'; readonly typed: TypedScript }
  | { readonly name: 'c'; readonly c: string };

/** The whole way; the object is loadable. */
export async function build(source: SourceText, env: BuildEnv, clang: Clang): Promise<Checked<Program>> {
  const planned = compile(source, env);
  if (!planned.ok) return planned;
  const report = new Report(source);
  for (const diagnostic of planned.diagnostics) report.add(diagnostic);
  const object = await clang.compile(planned.value.c, report);
  return object === undefined ? report.failed() : report.done({ ...planned.value, object });
}

/** Up to the C text; `object` is empty. */
export function compile(source: SourceText, env: BuildEnv): Checked<Program> {
  const report = new Report(source);
  const script = parse(source, report);
  env.onStage?.({ name: 'ast', script });
  refuseUnavailable(script, report);
  const config = resolveConfig(script.config, env.environment, report);
  const matched = matchProbes(script, { ...env, config }, report);
  const typed = check(script, matched, { ...env, config }, report);
  env.onStage?.({ name: 'types', typed });
  if (report.hasErrors) return report.failed();
  const program = emitProgram(source, typed, config, env.world);
  env.onStage?.({ name: 'c', c: program.c });
  return report.done(program);
}
