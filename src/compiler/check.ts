/**
 * Matched script -> typed script: the programs and the functions that they may call. Checking is repeated until inference has nothing more to learn (evidence.ts only
 * grows), silently; the last round reports.
 */
import type { RootItem, Script } from '../../grammar/ast.ts';
import { Report } from '../../grammar/diagnostic.ts';
import type { ProbeInfo } from '../builtins/builtin.ts';
import { NamedParameters } from '../builtins/named-parameters.ts';
import type { Type } from '../types/type.ts';
import { typeName } from '../types/type.ts';
import type { TypedExpr, TypedStatement } from '../types/typed-tree.ts';
import type { CheckContext, CheckEnvironment, DeclaredMap } from './check-context.ts';
import { withScope } from './check-context.ts';
import { checkExpr } from './check-expression.ts';
import type { Signature, TypedFunction } from './check-function.ts';
import { checkDepth, checkFunction, checkRecursion, checkSignatures, functionDefinitions } from './check-function.ts';
import { checkBlock } from './check-statement.ts';
import { asCondition } from './convert.ts';
import { Evidence } from './evidence.ts';
import { FunctionGraph } from './function-graph.ts';
import { functionProbe } from './function-probe.ts';
import type { MatchedProgram } from './match-probes.ts';
import { settle } from './promote.ts';
import { type AnyNode, anyNode } from './walk.ts';

export interface TypedScript {
  /** Every function of the script, called or not. */
  readonly functions: readonly TypedFunction[];
  readonly programs: readonly TypedProgram[];
  readonly maps: readonly TypedMap[];
}

export interface TypedProgram {
  readonly matched: MatchedProgram;
  /** Names of the functions that it may call, callees before their callers. */
  readonly functions: readonly string[];
  readonly predicate: TypedExpr | undefined;
  readonly body: readonly TypedStatement[];
}

export interface TypedMap {
  readonly name: string;
  readonly key: Type | undefined;
  readonly value: Type;
  readonly declared: DeclaredMap | undefined;
  /** An aggregation that programs read as a number. */
  readonly isFolded: boolean;
}

/** Types form short chains (four widths, string lengths, nested tuples); more rounds than this mean that nothing converges. */
const mostRounds = 50;

export function check(
  script: Script,
  matched: readonly MatchedProgram[],
  env: CheckEnvironment,
  report: Report,
): TypedScript {
  const declared = declaredMaps(script.items, report);
  const evidence = new Evidence();
  const incomplete = report.errorCount > (env.errorsInC ?? 0);
  const definitions = functionDefinitions(script);
  const graph = new FunctionGraph(definitions);
  const canCall = checkRecursion(graph, report);
  if (canCall) checkDepths(script, graph, report);
  const named = new NamedParameters(env.namedParameters);
  let assume = false;
  for (let round = 0; round < mostRounds; round++) {
    const before = evidence.version;
    const silent = new Report(report.source);
    checkAll({ incomplete, assumeTypes: assume, final: false }, silent);
    if (evidence.version !== before) continue;
    if (assume) break;
    assume = true;
  }
  const { functions, programs } = checkAll({ incomplete, assumeTypes: true, final: true }, report);
  if (!report.hasErrors) {
    // Probes that this machine does not have were left out unread.
    const left = script.items.filter((item) => item.kind === 'probe' && matched.every(({ probe }) => probe !== item));
    const isText = (name: string) => (node: AnyNode) =>
      node.kind === 'string' && 'value' in node && node.value === name;
    named.reportUnexpected(report, (name) => anyNode(left, isText(name)) !== undefined);
    for (const { map, span } of evidence.undecided) {
      report.error('undecided-map', span, `what ${map} holds cannot be told: it is only assigned from itself`);
    }
  }
  return { functions, programs, maps: typedMaps(evidence, declared, report) };

  /** One round: every function once, and every program. */
  function checkAll(phase: Phase, into: Report): Pick<TypedScript, 'functions' | 'programs'> {
    const shared = { ...env, ...phase, report: into, evidence, named };
    const none = context(shared, new Map(), functionProbe, 'signatures');
    const signatures = checkSignatures(none, script);
    const functions = definitions.flatMap((definition) => {
      const signature = signatures.get(definition.name);
      if (signature?.definition !== definition) return [];
      const cx = context(shared, signatures, functionProbe, `fn ${definition.name}`);
      return [checkFunction({ ...cx, function: signature }, definition, canCall && graph.endsProbe(definition.name))];
    });
    const programs = matched.map((program, i): TypedProgram => {
      const probe = { kind: program.kind, shape: program.shape };
      const body = checkProgram(context(shared, signatures, probe, `${i}`), program);
      return { matched: program, functions: canCall ? graph.reachedBy(program.probe) : [], ...body };
    });
    return { functions, programs };
  }
}

/** Each probe of the script once, and functions that no probe calls. */
function checkDepths(script: Script, graph: FunctionGraph, report: Report): void {
  for (const item of script.items) {
    if (item.kind === 'probe') checkDepth(item, 'probe', graph, report);
  }
}

type Phase = Pick<CheckContext, 'incomplete' | 'assumeTypes' | 'final'>;

function context(
  shared: CheckEnvironment & Phase & Pick<CheckContext, 'report' | 'evidence' | 'named'>,
  functions: ReadonlyMap<string, Signature>,
  probe: ProbeInfo,
  program: string,
): CheckContext {
  return {
    ...shared,
    functions,
    function: undefined,
    probe,
    program,
    scopes: [],
    callbacks: [],
    counters: { variables: 0, callbacks: 0, copied: 0 },
  };
}

function checkProgram(
  cx: CheckContext,
  { probe }: MatchedProgram,
): { predicate: TypedExpr | undefined; body: readonly TypedStatement[] } {
  return withScope(cx, () => {
    const predicate = probe.predicate === undefined ? undefined : asCondition(cx, checkExpr(cx, probe.predicate));
    return { predicate, body: checkBlock(cx, probe.body) };
  });
}

const declarableStorages: { readonly [name: string]: DeclaredMap['storage'] } = {
  hash: 'hash',
  lruhash: 'lru-hash',
  percpuhash: 'percpu-hash',
  percpulruhash: 'lru-percpu-hash',
};

function declaredMaps(items: readonly RootItem[], report: Report): ReadonlyMap<string, DeclaredMap> {
  const declared = new Map<string, DeclaredMap>();
  for (const item of items) {
    if (item.kind !== 'map-declaration') continue;
    const storage = Object.hasOwn(declarableStorages, item.type) ? declarableStorages[item.type] : undefined;
    if (storage === undefined) {
      report.error('map-kind', item.typeSpan, `'${item.type}' is not a kind of map`, {
        hint: `the kinds are ${Object.keys(declarableStorages).join(', ')}`,
      });
      continue;
    }
    if (item.maxEntries < 1n || item.maxEntries > 0xffff_ffffn) {
      report.error('map-entries', item.span, `a map has 1 to 4294967295 entries, and this says ${item.maxEntries}`);
      continue;
    }
    const before = declared.get(item.name);
    if (before !== undefined) {
      report.error('map-declared-twice', item.nameSpan, `${item.name} is declared twice`, {
        related: [{ message: 'the first declaration is here', span: before.span }],
      });
      continue;
    }
    declared.set(item.name, { storage, maxEntries: Number(item.maxEntries), typeName: item.type, span: item.nameSpan });
  }
  return declared;
}

function typedMaps(evidence: Evidence, declared: ReadonlyMap<string, DeclaredMap>, report: Report): TypedMap[] {
  for (const [name, declaration] of declared) {
    if (!evidence.maps.has(name)) report.warning('unused-map', declaration.span, `${name} is declared and not used`);
  }
  const maps: TypedMap[] = [];
  for (const entry of evidence.maps.values()) {
    if (entry.value === undefined) continue;
    const value = settle(entry.value);
    const declaration = declared.get(entry.name);
    if (declaration !== undefined) checkDeclaration(entry.name, value, declaration, report);
    if (value.kind === 'error' || (entry.keyed && entry.key === undefined)) continue;
    maps.push({
      name: entry.name,
      key: entry.key === undefined ? undefined : settle(entry.key),
      value,
      declared: declaration,
      isFolded: entry.isFolded === true,
    });
  }
  return maps;
}

function checkDeclaration(name: string, value: Type, declaration: DeclaredMap, report: Report): void {
  const perCpu = declaration.storage === 'percpu-hash' || declaration.storage === 'lru-percpu-hash';
  if (perCpu === (value.kind === 'aggregate')) return;
  report.error(
    'declared-storage',
    declaration.span,
    perCpu
      ? `a ${declaration.typeName} is for aggregations, and ${name} holds ${typeName(value)}`
      : `${name} holds ${typeName(value)}, which needs a map per CPU`,
    { hint: perCpu ? 'declare it as hash or lruhash' : 'declare it as percpuhash or percpulruhash' },
  );
}
