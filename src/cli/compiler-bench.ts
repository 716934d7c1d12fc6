/**
 * `--mode compiler-bench`: how long each stage of compiling a script takes, for people who work on ebtrace. Everything
 * up to the C is repeated until the numbers are steady; clang, which takes a thousand times longer, a few times.
 */
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { type BuildStage, build } from '../build.ts';
import { createClang } from '../clang/clang.ts';
import { buildEnvironment, type RunEnvironment, type RunRequest, reportBuild } from './building.ts';

/** Milliseconds that all rounds may take together, and how many there are at least and at most. */
const budget = 2000;
const fewest = 3;
const most = 1000;

/** Returns the exit status. */
export async function benchCompiler(request: RunRequest, env: RunEnvironment): Promise<number> {
  const { screen, variables, machine } = env;
  // Otherwise the second round finds the object in the cache.
  const clang = createClang({ path: request.settings.clang, env: { ...variables, EBTRACE_CACHE: '0' } });
  const times = new Map<string, number[]>();
  const record = (stage: string, from: number): number => {
    const now = performance.now();
    times.set(stage, [...(times.get(stage) ?? []), now - from]);
    return now;
  };
  const begin = performance.now();
  for (let round = 0; round < most && (round < fewest || performance.now() - begin < budget); round++) {
    const parsing = performance.now();
    parse(request.source, new Report(request.source));
    let last = record('parse', parsing);
    const onStage = ({ name }: BuildStage): void => {
      last = record(stageTitles[name], last);
    };
    const built = await machine.knowingPrograms(() =>
      build(request.source, buildEnvironment(request, env, machine.world, onStage), clang),
    );
    record('clang', last);
    if (round === 0) reportBuild(built, request, screen);
    if (!built.ok) return 1;
  }
  screen.say(tableOf(times));
  return 0;
}

const stageTitles: { readonly [K in BuildStage['name']]: string } = {
  ast: 'parse and load imports',
  types: 'expand, match, check',
  c: 'emit C',
};

/** The columns of the language's benchmarks. */
function tableOf(times: ReadonlyMap<string, readonly number[]>): string {
  const rows = [...times].map(([stage, all]) => row(stage, `${Math.round(mean(all) * 1e6)}`, `${all.length}`));
  const head = row('Benchmark', 'Time(ns)', 'Iterations');
  return [head, '-'.repeat(head.length), ...rows].join('\n');
}

function row(name: string, time: string, iterations: string): string {
  return `${name.padEnd(41)}${time.padStart(15)}${iterations.padStart(15)}`;
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
}
