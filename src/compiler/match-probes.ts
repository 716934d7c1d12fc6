/**
 * Pass between macro expansion and type checking: attach points -> programs. Every attach point is taken apart, its
 * targets are looked up on the machine, and its kind says which programs run the body for them. One probe of the
 * script thus becomes one MatchedProgram or more; each is checked and emitted on its own, because the types of `args`
 * may differ. What to do about probes that do not exist is the option `missing_probes`.
 */
import type { AttachPoint, Probe, Script } from '../../grammar/ast.ts';
import { Report } from '../../grammar/diagnostic.ts';
import type { Config } from '../config/options.ts';
import { type ResolvedAttachPoint, resolveAttachPoint } from '../probes/attach-point.ts';
import type { BodyUsage, Explanation, Pattern, ProbeKind, ProgramShape, Target } from '../probes/probe-kind.ts';
import type { World } from '../world/world.ts';
import { fuseSessions, type Session } from './fuse-sessions.ts';
import { checkCompanions } from './probe-rules.ts';
import { bodyUsage } from './usage.ts';

export interface MatchedProgram {
  readonly probe: Probe;
  readonly kind: ProbeKind;
  readonly shape: ProgramShape;
  readonly attachPoint: AttachPoint;
  /** The target's name, or the pattern when the program has several. */
  readonly label: string;
  /** The program is one half of another. */
  readonly session?: Session;
  /** Mistakes in it are told and what it stores has a type, but this run does without it. */
  readonly onlyChecked?: true;
}

export interface MatchEnv {
  readonly world: World;
  /** Values of $1, $2 ... as byte strings. */
  readonly positionals: readonly string[];
  readonly config: Config;
  readonly unsafe?: boolean | undefined;
  /** `--probe-filter`: only targets whose name it finds are attached; begin, end and self are exempt. */
  readonly probeFilter?: RegExp | undefined;
  /** `--test`, `--bench`: only these are run, with begin, end and self; nothing is attached. */
  readonly requested?: 'test' | 'bench' | undefined;
}

/** In source order; empty when nothing is left to attach, which is for the caller to judge. */
export function matchProbes(script: Script, env: MatchEnv, report: Report): readonly MatchedProgram[] {
  const totals: Totals = { probes: 0, programs: 0 };
  const probes = script.items.flatMap((item) => (item.kind === 'probe' ? [findProbe(item, env, report)] : []));
  const reading = probes.filter((found) => found.usage.args);
  const argsReadOf = new Set(reading.flatMap((found) => found.points.flatMap(targetNames)));
  const perf = probes.filter((found) => found.usage.perfTracepoint);
  const perfTracepoints = new Set(perf.flatMap((found) => found.points.flatMap(targetNames)));
  const together = { argsReadOf, perfTracepoints, reachedTogether: reachedTogether(probes) };
  const programs = probes.flatMap((found) => matchProbe(found, { ...found.usage, ...together }, env, totals, report));
  checkCompanions(
    programs.filter((program) => program.onlyChecked !== true),
    report,
  );
  return fuseSessions(programs, env.world);
}

/** Running totals over the script. */
interface Totals {
  probes: number;
  programs: number;
}

/** A probe with what its attach points found. */
interface FoundProbe {
  readonly probe: Probe;
  readonly usage: BodyUsage;
  readonly points: readonly FoundPoint[];
}

interface FoundPoint {
  readonly attachPoint: AttachPoint;
  readonly outcome: readonly Found[] | 'vanished' | 'failed';
}

function findProbe(probe: Probe, env: MatchEnv, report: Report): FoundProbe {
  const points = probe.attachPoints.map((attachPoint) => ({
    attachPoint,
    outcome: findTargets(attachPoint, env, report),
  }));
  return { probe, usage: bodyUsage(probe), points };
}

function targetNames({ outcome }: FoundPoint): readonly string[] {
  return typeof outcome === 'string' ? [] : outcome.flatMap((found) => found.targets.map((target) => target.name));
}

function reachedTogether(probes: readonly FoundProbe[]): ReadonlySet<string> {
  const found = probes.flatMap(({ points }) =>
    points.flatMap(({ outcome }) => (typeof outcome === 'string' ? [] : outcome)),
  );
  const several = found.filter(({ targets }) => targets.length > 1);
  return new Set(several.flatMap(({ targets }) => targets.map(({ parts }) => parts[parts.length - 1] ?? '')));
}

function matchProbe(
  { probe, points }: FoundProbe,
  usage: BodyUsage,
  env: MatchEnv,
  totals: Totals,
  report: Report,
): readonly MatchedProgram[] {
  const programs: MatchedProgram[] = [];
  for (const { attachPoint, outcome } of points) {
    if (typeof outcome === 'string') continue;
    for (const found of outcome) {
      const wanted = found.targets.filter((target) => passes(target, found.kind, env));
      const links = found.kind.linkCount?.(wanted, env.world) ?? wanted.length;
      if (!withinProbeLimit(links, attachPoint, env, totals, report)) return programs;
      const others = found.targets.filter((target) => !passes(target, found.kind, env)).slice(0, mostOnlyChecked);
      for (const targets of [wanted, others]) {
        if (targets.length === 0) continue;
        for (const shape of found.kind.shape(targets, usage, env.world)) {
          const needed = targets === wanted && runsIn(shape, env.requested);
          const program = { probe, kind: found.kind, shape, attachPoint, label: label(shape, found) };
          programs.push(needed ? program : { ...program, onlyChecked: true });
        }
      }
    }
  }
  const vanished = points.filter((point) => point.outcome === 'vanished').length;
  if (vanished > 0 && vanished === points.length) reportVanished(probe, env, report);
  const needed = programs.filter((program) => program.onlyChecked !== true);
  checkProgramLimit(needed, probe, env, totals, report);
  return programs;
}

interface Found {
  readonly kind: ProbeKind;
  readonly pattern: Pattern;
  readonly targets: readonly Target[];
}

/** `vanished`: a wildcard without matches; `failed`: wrong or missing, and said so. */
function findTargets(
  attachPoint: AttachPoint,
  env: MatchEnv,
  report: Report,
): readonly Found[] | 'vanished' | 'failed' {
  // The parser could not read it as it is written.
  if (report.hasErrorIn(attachPoint.span)) return 'failed';
  const resolved = resolveAttachPoint(attachPoint, env.positionals, report, env.unsafe);
  if (resolved.length === 0) return 'failed';
  let fits = false;
  const found: Found[] = [];
  for (const { kind, args, tentative } of resolved) {
    const pattern = kind.parse(args, tentative ? new Report(report.source) : report);
    if (pattern === undefined) continue;
    fits = true;
    const targets = kind.match(pattern, env.world);
    if (targets.length > 0) {
      found.push({ kind, pattern, targets });
      warnAbout(kind, pattern, attachPoint, report);
    }
    if (targets.length === 0 && !pattern.hasWildcard && !tentative) {
      reportMissing(kind, pattern, attachPoint, env, report);
      return 'failed';
    }
  }
  if (!fits) {
    if (resolved.some((candidate) => candidate.tentative)) reportNoKindFits(resolved, attachPoint, report);
    return 'failed';
  }
  return found.length === 0 ? 'vanished' : found;
}

/** The types in a body depend on few of the targets that --probe-filter leaves out; a wildcard may have thousands. */
const mostOnlyChecked = 16;

function runsIn({ attach }: ProgramShape, requested: MatchEnv['requested']): boolean {
  if (requested === undefined) return true;
  if (attach.kind !== 'run-once') return false;
  return attach.when === requested || (attach.when !== 'test' && attach.when !== 'bench');
}

function passes(target: Target, kind: ProbeKind, env: MatchEnv): boolean {
  return env.probeFilter === undefined || kind.probeType === 'special' || env.probeFilter.test(target.name);
}

function label(shape: ProgramShape, found: Found): string {
  const [only, ...more] = shape.targets;
  return only !== undefined && more.length === 0 ? only.name : [found.kind.name, ...found.pattern.parts].join(':');
}

// ---------------------------------------------------------------------------------------------------- messages

const policyHint = "Set the config option 'missing_probes' to 'warn' or 'ignore' when this is expected.";

function warnAbout(kind: ProbeKind, pattern: Pattern, { span }: AttachPoint, report: Report): void {
  const caution = pattern.hasWildcard ? undefined : kind.caution?.(pattern);
  if (caution !== undefined) report.warning('probe-caution', span, caution.message, { hint: caution.hint });
}

function reportMissing(kind: ProbeKind, pattern: Pattern, point: AttachPoint, env: MatchEnv, report: Report): void {
  const policy = env.config.missing_probes;
  if (policy === 'ignore') return;
  const isWarning = policy === 'warn';
  const explanation = kind.explainMissing(pattern, env.world);
  const hint = explanation.hint ?? (isWarning ? undefined : policyHint);
  report.add({
    severity: isWarning ? 'warning' : 'error',
    code: 'missing-probe',
    message: isWarning ? `${explanation.message}. The attach point is left out` : explanation.message,
    span: point.span,
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Only wildcards were left and none of them matched. */
function reportVanished(probe: Probe, env: MatchEnv, report: Report): void {
  const policy = env.config.missing_probes;
  const [first] = probe.attachPoints;
  if (policy === 'ignore' || first === undefined) return;
  const last = probe.attachPoints[probe.attachPoints.length - 1] ?? first;
  const isWarning = policy === 'warn';
  const none = probe.attachPoints.map((point) => whyNone(point, env, report)).find((why) => why !== undefined);
  const nothing = `Nothing on this machine matches${probe.attachPoints.length === 1 ? '' : ' any of these'}`;
  const outcome = isWarning
    ? '. The probe is left out, and what it would set stays unset'
    : none === undefined
      ? ', so the probe would never run'
      : '';
  const hint = none?.hint ?? (isWarning ? undefined : policyHint);
  report.add({
    severity: isWarning ? 'warning' : 'error',
    code: 'no-attach-point-left',
    message: `${none?.message ?? nothing}${outcome}`,
    span: { start: first.span.start, end: last.span.end },
    ...(hint === undefined ? {} : { hint }),
  });
}

/** Of a wildcard without matches: what the machine lacks when it has no probe of the kind. */
function whyNone(point: AttachPoint, env: MatchEnv, report: Report): Explanation | undefined {
  const resolved = resolveAttachPoint(point, env.positionals, new Report(report.source), env.unsafe);
  const [only, ...more] = resolved;
  return more.length > 0 ? undefined : only?.kind.whyNone?.(env.world);
}

function reportNoKindFits(resolved: readonly ResolvedAttachPoint[], point: AttachPoint, report: Report): void {
  const forms = resolved.flatMap((candidate) => candidate.kind.syntax).map((form) => `'${form}'`);
  report.error('no-kind-fits', point.span, 'No kind of probe that the wildcard stands for is written like this', {
    hint: `It stands for ${forms.join(', ')}.`,
  });
}

function withinProbeLimit(probes: number, point: AttachPoint, env: MatchEnv, totals: Totals, report: Report): boolean {
  const limit = env.config.max_probes;
  const before = totals.probes;
  totals.probes += probes;
  if (totals.probes <= limit) return true;
  // Said once, where the limit is crossed. Asking for the shape would only read hundreds of formats for nothing.
  if (before <= limit) {
    report.error(
      'too-many-probes',
      point.span,
      `The script has ${totals.probes} probes up to here, the limit is ${limit}`,
      {
        hint: 'Narrow the wildcard, or raise the config option max_probes.',
      },
    );
  }
  return false;
}

function checkProgramLimit(
  programs: readonly MatchedProgram[],
  probe: Probe,
  env: MatchEnv,
  totals: Totals,
  report: Report,
): void {
  const limit = env.config.max_bpf_progs;
  const before = totals.programs;
  totals.programs += programs.length;
  if (before > limit || totals.programs <= limit) return;
  const crossing = programs[limit - before] ?? programs[0];
  report.error(
    'too-many-programs',
    crossing?.attachPoint.span ?? probe.span,
    `The script becomes ${totals.programs} BPF programs up to here, the limit is ${limit}`,
    { hint: 'Narrow the wildcard, read fewer fields of args, or raise the config option max_bpf_progs.' },
  );
}
