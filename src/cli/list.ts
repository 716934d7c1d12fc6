/**
 * What `-l` prints, as lines: probes or types by pattern, or the probes of a script. Rules: probes-and-stdlib.md section 4. The
 * lines of a kind come from its own `list`.
 */
import type { AttachPoint } from '../../grammar/ast.ts';
import type { MatchedProgram } from '../compiler/match-probes.ts';
import { findProvider, probeKinds } from '../probes/index.ts';
import type { ListedProbe, ProbeKind } from '../probes/probe-kind.ts';
import type { KernelBtf } from '../world/kernel-types.ts';
import type { World } from '../world/world.ts';
import { isTypePattern, listTypes } from './list-types.ts';

export interface ListOptions {
  /** `-lv`: the arguments of each probe in lines of their own below it. */
  readonly verbose: boolean;
}

export interface Listing {
  readonly lines: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * `patterns`: what stands behind `-l`, several separated by commas; empty for everything. `types` are those of the
 * kernel; empty when it tells none.
 */
export function listProbes(
  patterns: string,
  options: ListOptions,
  world: World,
  types: () => readonly KernelBtf[],
): Listing {
  const lines: string[] = [];
  const warnings: string[] = [];
  const pieces = patterns.split(',').map((piece) => piece.trim());
  for (const piece of pieces.length > 1 ? pieces.filter((text) => text !== '') : pieces) {
    if (!isTypePattern(piece)) {
      listPattern(piece, options, world, lines, warnings);
      continue;
    }
    const known = types();
    if (known.length === 0) warnings.push(`'${piece}': this kernel does not tell its types (CONFIG_DEBUG_INFO_BTF)`);
    else lines.push(...listTypes(piece, options, known));
  }
  return { lines, warnings };
}

/**
 * `-l` with a script: what its attach points stand for, in source order, the matches of a wildcard sorted; begin, end
 * and self are left out.
 */
export function listScriptProbes(programs: readonly MatchedProgram[], options: ListOptions, world: World): Listing {
  const byAttachPoint = new Map<AttachPoint, ListedProbe[]>();
  for (const { kind, shape, attachPoint } of programs) {
    if (kind.probeType === 'special') continue;
    const probes = byAttachPoint.get(attachPoint) ?? [];
    byAttachPoint.set(attachPoint, probes);
    for (const target of shape.targets) probes.push(...kind.list(target.parts, world));
  }
  const lines: string[] = [];
  for (const probes of byAttachPoint.values()) {
    addLines(
      probes.sort((a, b) => (a.line < b.line ? -1 : a.line > b.line ? 1 : 0)),
      options,
      lines,
    );
  }
  return { lines, warnings: [] };
}

function listPattern(pattern: string, options: ListOptions, world: World, lines: string[], warnings: string[]): void {
  if (pattern.includes('.') && !/[:*]/.test(pattern)) {
    warnings.push(`There is no file '${pattern}'; looking for probes of that name`);
  }
  const { provider, parts } = takeApart(pattern);
  const kinds = kindsOf(provider, warnings);
  for (const kind of kinds) {
    const probes = kind.list(parts, world);
    addLines(probes, options, lines);
    // A wildcard over the kinds asks for what there is.
    const none = probes.length > 0 || kinds.length > 1 ? undefined : kind.whyNone?.(world);
    if (none !== undefined) warnings.push(none.hint === undefined ? none.message : `${none.message}. ${none.hint}`);
  }
}

/** Without a colon the pattern is the name of a probe of any kind; nothing at all stands for everything. */
function takeApart(pattern: string): { readonly provider: string; readonly parts: readonly string[] } {
  if (pattern === '') return { provider: '*', parts: [] };
  if (!pattern.includes(':')) return { provider: '*', parts: [pattern] };
  const [provider = '', ...parts] = pattern.split(':');
  return { provider, parts: parts.length === 1 && parts[0] === '' ? [] : parts };
}

function kindsOf(provider: string, warnings: string[]): readonly ProbeKind[] {
  const lookup = findProvider(provider);
  switch (lookup.found) {
    case 'kind':
      return [lookup.kind];
    case 'several':
      return lookup.kinds;
    case 'unavailable':
      warnings.push(`${lookup.name} probes are not available in this version of ebtrace`);
      return [];
    case 'nothing':
      warnings.push(
        lookup.suggestion === undefined
          ? `There is no kind of probe '${provider}'; kinds are ${probeKinds.map((kind) => kind.name).join(', ')}`
          : `There is no kind of probe '${provider}'; did you mean '${lookup.suggestion}'?`,
      );
      return [];
  }
}

function addLines(probes: readonly ListedProbe[], options: ListOptions, lines: string[]): void {
  for (const probe of probes) {
    lines.push(probe.line);
    if (options.verbose) lines.push(...probe.details().map((detail) => `    ${detail}`));
  }
}
