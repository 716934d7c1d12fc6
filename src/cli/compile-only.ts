/**
 * --emit-c, --emit-elf and --record: compile, write, stop. No privileges are needed beyond reading what the script
 * asks of the machine; with --host not even that.
 */
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, plan } from '../build.ts';
import { createClang } from '../clang/clang.ts';
import { makeFolder } from '../clang/make-folder.ts';
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
  const built = await (settings.emitElf === undefined ? plan : build)(source, buildEnv, clang);
  stages.print(screen);
  const problem = built.ok ? undefined : machine.tracefsProblem();
  if (problem !== undefined) screen.report([problem]);
  else reportBuild(built, request, screen);
  if (!built.ok) return 1;
  const { c, object } = built.value;
  const isWritten = [
    settings.emitC === undefined || writeArtefact(settings.emitC, Buffer.from(c, 'latin1'), screen),
    settings.emitElf === undefined || writeArtefact(settings.emitElf, object, screen),
  ];
  return isWritten.includes(false) ? 1 : 0;
}

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
