/**
 * Rules about probes of one script that concern several of them, by what their kinds say of themselves: names of tests
 * and benchmarks are unique, an iterator is the only thing that is attached, probes within probes are left out.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { MatchedProgram } from './match-probes.ts';

export function checkCompanions(programs: readonly MatchedProgram[], report: Report): void {
  checkUniqueTargets(programs, report);
  checkStandsAlone(programs, report);
  warnAboutNesting(programs, report);
}

/** Said once, at the first. */
function warnAboutNesting(programs: readonly MatchedProgram[], report: Report): void {
  const first = programs.find(({ shape }) => shape.nests === true);
  if (first === undefined) return;
  report.warning(
    'probe-nests',
    first.attachPoint.span,
    `BPF programs run through functions of ${first.label} themselves, so that probes may hit within other probes`,
    { hint: 'On each CPU one body runs at a time; hits meanwhile are left out, and counted.' },
  );
}

function checkUniqueTargets(programs: readonly MatchedProgram[], report: Report): void {
  const first = new Map<string, MatchedProgram>();
  for (const program of programs) {
    if (program.kind.uniqueTargets !== true) continue;
    for (const target of program.shape.targets) {
      const before = first.get(target.name);
      if (before === undefined) first.set(target.name, program);
      else {
        report.error('probe-name-twice', program.attachPoint.span, `There are two probes ${target.name}`, {
          related: [{ message: 'the first one is here', span: before.attachPoint.span }],
          hint: 'Results are shown by name, so each has a name of its own.',
        });
      }
    }
  }
}

/** Bodies that are run, not attached, may stand beside it. */
function checkStandsAlone(programs: readonly MatchedProgram[], report: Report): void {
  const attached = programs.filter(({ shape }) => shape.attach.kind !== 'run-once');
  const alone = attached.find(({ kind }) => kind.standsAlone === true);
  if (alone === undefined) return;
  const other = attached.find((program) => program !== alone);
  if (other === undefined) return;
  const { name } = alone.kind;
  report.error(
    'probe-not-alone',
    other.attachPoint.span,
    `A script with a probe of the kind ${name} attaches nothing else`,
    {
      related: [{ message: `${alone.label} is here`, span: alone.attachPoint.span }],
      hint: 'The run ends with the iteration. begin and end may stand beside it.',
    },
  );
}
