/**
 * Last step of matching: the entry probe and the return probe of the same functions become one program where the kernel
 * has sessions (probes-and-stdlib.md 3.9), which attaches once and, unlike two links, never sees a return without its entry.
 */
import type { SessionHalf } from '../probes/probe-kind.ts';
import type { World } from '../world/world.ts';
import type { MatchedProgram } from './match-probes.ts';

/** Programs that run as one; both halves carry the same. */
export interface Session {
  /** C name of the program that calls the halves. */
  readonly name: string;
  readonly half: SessionHalf['half'];
}

/** Only where exactly one probe with this attach point alone is at the entry, and one at the return, and no other there. */
export function fuseSessions(programs: readonly MatchedProgram[], world: World): readonly MatchedProgram[] {
  // The program asks the kernel which half it is in, by a function that is found by the kernel's own types.
  if (world.functionTypes() === undefined) return programs;
  const candidates = new Map<string, MatchedProgram[]>();
  for (const program of programs) {
    const key = program.shape.session?.key;
    if (key === undefined || program.onlyChecked === true) continue;
    const sharing = candidates.get(key);
    if (sharing === undefined) candidates.set(key, [program]);
    else sharing.push(program);
  }
  const fused = new Map<MatchedProgram, MatchedProgram>();
  for (const [one, other, ...more] of candidates.values()) {
    if (one === undefined || other === undefined || more.length > 0) continue;
    if (![one, other].every(({ probe }) => probe.attachPoints.length === 1)) continue;
    if (one.shape.session?.half === other.shape.session?.half || !world.features.kprobeSession) continue;
    if (programs.some((program) => program !== one && program !== other && meets(program, one))) continue;
    const name = `s${fused.size / 2}`;
    for (const program of [one, other]) fused.set(program, join(program, name));
  }
  return fused.size === 0 ? programs : programs.map((program) => fused.get(program) ?? program);
}

/** Some function has a probe of both: their order would not be that of the script. */
function meets(program: MatchedProgram, session: MatchedProgram): boolean {
  if (program.onlyChecked === true) return false;
  const functions = new Set(functionsOf(session));
  return functionsOf(program).some((name) => functions.has(name));
}

function functionsOf({ shape: { attach } }: MatchedProgram): readonly string[] {
  if (attach.kind === 'kprobe-multi') return attach.targets.map(({ name }) => name);
  if (attach.kind !== 'kprobe') return [];
  return attach.targets.flatMap(({ name, offset }) => (offset === 0n ? [name.slice(name.indexOf(':') + 1)] : []));
}

function join(program: MatchedProgram, name: string): MatchedProgram {
  const { shape } = program;
  const { session } = shape;
  if (session === undefined) throw new Error(`${program.label} is no half of a session`);
  const { half, section, attach } = session;
  return { ...program, shape: { ...shape, section, attach }, session: { name, half } };
}
