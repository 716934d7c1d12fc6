/**
 * --emit-c, --emit-elf, --emit-llvm, --record and --mode codegen: compile, write, stop. No privileges are needed beyond reading what the script
 * asks of the machine; with --host not even that.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Report } from '../../grammar/diagnostic.ts';
import { build, plan } from '../build.ts';
import { createClang } from '../clang/clang.ts';
import { makeFolder } from '../clang/make-folder.ts';
import { type TranslationForm, translate } from '../clang/translate.ts';
import type { Program } from '../program/program.ts';
import type { HostFiles } from '../world/host-files.ts';
import { recordHostFiles } from '../world/record.ts';
import { systemError } from '../world/system-error.ts';
import { buildEnvironment, type RunEnvironment, type RunRequest, reportBuild, StageTexts } from './building.ts';
import type { Screen } from './screen.ts';

/** Returns the exit status. */
export async function compileOnly(request: RunRequest, env: RunEnvironment): Promise<number> {
  const { settings, source } = request;
  const { machine, screen } = env;
  const stages = new StageTexts(settings.stages);
  const buildEnv = buildEnvironment(request, env, machine.world, (stage) => stages.keep(stage));
  const clang = createClang({ path: settings.clang, env: env.variables });
  const needsObject = settings.mode === 'codegen' || settings.emitElf !== undefined || settings.emitLlvm !== undefined;
  const built = await machine.knowingPrograms(() => (needsObject ? build : plan)(source, buildEnv, clang));
  if (built.ok) await stages.translate(built.value.c, clang, built.source);
  stages.print(screen);
  const problem = built.ok ? undefined : machine.tracefsProblem();
  if (problem !== undefined) screen.report([problem]);
  else reportBuild(built, request, screen);
  if (!built.ok) return 1;
  const { c } = built.value;
  const object = settings.emitElf === undefined ? undefined : await linkedObject(built.value, env);
  const isWritten = [
    settings.emitC === undefined || writeArtefact(settings.emitC, Buffer.from(c, 'latin1'), screen),
    settings.emitElf === undefined || (object !== undefined && writeArtefact(settings.emitElf, object, screen)),
  ];
  for (const [suffix, form] of settings.emitLlvm === undefined ? [] : llvmFiles) {
    const text = await translate(c, form, clang, new Report(built.source));
    isWritten.push(
      text !== undefined && writeArtefact(`${settings.emitLlvm}.${suffix}`, Buffer.from(text, 'latin1'), screen),
    );
  }
  return isWritten.includes(false) ? 1 : 0;
}

/** With the objects that the script imports in it; libbpf is asked only for those. Undefined when it refuses, and said so. */
async function linkedObject(program: Program, { machine, screen }: RunEnvironment): Promise<Uint8Array | undefined> {
  if (program.imports.length === 0) return program.object;
  const { RuntimeFailure } = await import('../../runtime/bpf.ts');
  const { linkProgram } = await import('../../runtime/libbpf/linker.ts');
  try {
    return linkProgram(program, machine.files);
  } catch (failure) {
    if (!(failure instanceof RuntimeFailure)) throw failure;
    const { what: message, hint } = failure;
    screen.report([{ severity: 'error', code: 'link-failed', message, ...(hint === undefined ? {} : { hint }) }]);
    return undefined;
  }
}

const llvmFiles: readonly (readonly [suffix: string, form: TranslationForm])[] = [
  ['original.ll', 'llvm-unoptimised'],
  ['optimized.ll', 'llvm'],
];

/** `-` is stdout. */
function writeArtefact(path: string, content: Uint8Array, screen: Screen): boolean {
  if (path === '-') {
    screen.out.write(Buffer.from(content).toString('latin1'));
    screen.out.flush();
    return true;
  }
  try {
    writeFileSync(path, content);
    return true;
  } catch (failure) {
    const reason = systemError(failure);
    if (reason === undefined) throw failure;
    screen.report([{ severity: 'error', code: 'artefact-not-written', message: `Cannot write '${path}': ${reason}` }]);
    return false;
  }
}

/** tracefs that was mounted for this process alone is recorded where others have it. */
const privateTracefs = /^\/proc\/self\/fd\/\d+(?=\/|$)/;

/** HostFiles that also copies all it is asked below `folder`. */
export function recordBelow(folder: string, files: HostFiles): HostFiles {
  const place = (path: string): string => join(folder, path.replace(privateTracefs, '/sys/kernel/tracing'));
  return recordHostFiles(files, {
    directory: (path) => makeFolder(place(path)),
    file: (path, content) => {
      makeFolder(dirname(place(path)));
      writeFileSync(place(path), content);
    },
  });
}
