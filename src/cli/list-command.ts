/** -l: probes of the machine by pattern, or those of a script; list.ts makes the lines. */
import { loadScript } from '../compiler/load-imports.ts';
import { matchProbes } from '../compiler/match-probes.ts';
import { resolveConfig } from '../config/resolve.ts';
import { buildEnvironment, type RunEnvironment, type RunRequest, reportBuild } from './building.ts';
import { type Listing, listProbes, listScriptProbes } from './list.ts';
import type { Settings } from './settings.ts';

/** Returns the exit status. No match is no mistake. */
export async function listCommand(
  what: { readonly patterns: string } | Omit<RunRequest, 'settings'>,
  settings: Settings,
  env: RunEnvironment,
): Promise<number> {
  const { machine, screen } = env;
  const list = (): { readonly listing: Listing | undefined; readonly say: () => void } =>
    'patterns' in what
      ? { listing: listMachine(what.patterns, settings, env), say: () => undefined }
      : listScript({ ...what, settings }, env);
  const { listing, say } = await machine.knowingPrograms(list);
  say();
  const problem = machine.tracefsProblem();
  if (problem !== undefined) screen.report([{ ...problem, severity: 'warning' }]);
  if (listing === undefined) return 1;
  if (settings.warnings !== 'none') {
    screen.report(listing.warnings.map((message) => ({ severity: 'warning', code: 'list', message })));
  }
  for (const line of listing.lines) screen.out.write(`${line}\n`);
  screen.out.flush();
  return 0;
}

function listMachine(patterns: string, settings: Settings, { machine }: RunEnvironment): Listing {
  return listProbes(patterns, { verbose: settings.verbose }, machine.world, machine.kernelBtf);
}

/** `say` reports what was wrong with the script. */
function listScript(
  request: RunRequest,
  env: RunEnvironment,
): { readonly listing: Listing | undefined; readonly say: () => void } {
  const { machine, screen, variables } = env;
  const { settings, source } = request;
  const { world } = machine;
  const buildEnv = buildEnvironment(request, env, world);
  const { loaded, report } = loadScript(source, buildEnv);
  const config = resolveConfig(loaded.script.config, variables, report);
  const found = report.hasErrors ? [] : matchProbes(loaded.script, { ...buildEnv, config }, report);
  const matched = found.filter((program) => program.onlyChecked !== true);
  const checked = report.hasErrors ? report.failed() : report.done(matched);
  return {
    listing: checked.ok ? listScriptProbes(checked.value, { verbose: settings.verbose }, world) : undefined,
    say: () => {
      if (machine.tracefsProblem() === undefined || checked.ok) reportBuild(checked, request, screen);
    },
  };
}
