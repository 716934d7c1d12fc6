/** -l: probes of the machine by pattern, or those of a script; list.ts makes the lines. */
import { loadScript } from '../compiler/load-imports.ts';
import { matchProbes } from '../compiler/match-probes.ts';
import { resolveConfig } from '../config/resolve.ts';
import { buildEnvironment, type RunEnvironment, type RunRequest, reportBuild } from './building.ts';
import { type Listing, listProbes, listScriptProbes } from './list.ts';
import type { Settings } from './settings.ts';

/** Returns the exit status. No match is no mistake. */
export function listCommand(
  what: { readonly patterns: string } | Omit<RunRequest, 'settings'>,
  settings: Settings,
  env: RunEnvironment,
): number {
  const { machine, screen } = env;
  const listing =
    'patterns' in what ? listMachine(what.patterns, settings, env) : listScript({ ...what, settings }, env);
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

function listScript(request: RunRequest, env: RunEnvironment): Listing | undefined {
  const { machine, screen, variables } = env;
  const { settings, source } = request;
  const { world } = machine;
  const buildEnv = buildEnvironment(request, env, world);
  const { loaded, report } = loadScript(source, buildEnv);
  const config = resolveConfig(loaded.script.config, variables, report);
  const matched = report.hasErrors ? [] : matchProbes(loaded.script, { ...buildEnv, config }, report);
  const checked = report.hasErrors ? report.failed() : report.done(matched);
  if (machine.tracefsProblem() === undefined || checked.ok) reportBuild(checked, request, screen);
  return checked.ok ? listScriptProbes(checked.value, { verbose: settings.verbose }, world) : undefined;
}
