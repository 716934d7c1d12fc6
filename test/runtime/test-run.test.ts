/** --test and --bench over a fake kernel: verdicts, repetitions, and what is shown, as text and as JSON. */
import { expect, test } from 'vitest';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { RepeatedRun } from '../../runtime/bpf.ts';
import { JsonOutput } from '../../runtime/output/json.ts';
import type { Output, Sink } from '../../runtime/output/output.ts';
import { TextOutput } from '../../runtime/output/text.ts';
import { controlOf } from '../../runtime/params.ts';
import { CapturingOutput, runRequested } from '../../runtime/test-run.ts';
import { FakeObject } from '../support/fake-bpf.ts';
import { probe } from '../support/small-program.ts';

const place = { file: 'test.bt', line: 3, column: 12, endColumn: 32 };

interface Body extends Partial<RepeatedRun> {
  readonly prints?: string;
  readonly fails?: string;
  readonly exits?: number;
}

async function run(
  what: 'test' | 'bench',
  bodies: Readonly<Record<string, Body | ((times: number) => Body)>>,
  format: 'text' | 'json' = 'text',
) {
  let text = '';
  const diagnostics: Diagnostic[] = [];
  const sink: Sink = {
    write: (more) => {
      text += more;
    },
    flush: () => undefined,
  };
  const textOutput = (into: Sink): Output =>
    new TextOutput({
      results: into,
      remarks: into,
      truncationTrailer: '..',
      renderDiagnostic: ({ message }) => message,
    });
  const direct =
    format === 'text'
      ? textOutput(sink)
      : new JsonOutput({
          results: sink,
          remarks: sink,
          truncationTrailer: '..',
          renderDiagnostic: ({ message }) => message,
        });
  const output = new CapturingOutput(direct, textOutput);
  const journal: string[] = [];
  let pending: () => void = () => undefined;
  const object = new FakeObject(
    {
      repeat: (name, times) => {
        const body = bodies[name];
        const {
          result = 0,
          averageNs = 812,
          prints,
          fails,
          exits,
        } = (typeof body === 'function' ? body(times) : body) ?? {};
        pending = () => {
          if (prints !== undefined) output.text('printf', prints);
          if (fails !== undefined) output.message('error', fails, place);
        };
        if (exits !== undefined) object.requestExit(exits);
        return { result, averageNs };
      },
    },
    journal,
  );
  const passed = await runRequested({
    what,
    probes: Object.keys(bodies).map((name) => ({
      ...probe(name, { kind: 'run-once', when: what }),
      name: `${what}:${name}`,
    })),
    object,
    control: controlOf(object.control),
    output,
    drain: async () => pending(),
    report: (diagnostic) => diagnostics.push(diagnostic),
    stopped: () => false,
  });
  return { passed, text, journal, messages: diagnostics.map(({ message }) => message) };
}

const green = (tag: string): string => `\u001b[32m[${tag}]\u001b[0m`;
const red = (tag: string): string => `\u001b[31m[${tag}]\u001b[0m`;

test('verdicts: returned value, errorf, exit status; output is shown of failures only', async () => {
  const { passed, text } = await run('test', {
    fine: { prints: 'hidden\n' },
    returns: { result: 1, averageNs: 2_345, prints: 'shown' },
    reports: { fails: 'oops', averageNs: 3_000_000 },
    exits: { exits: 3, averageNs: 1_250_000_000 },
    leaves: { exits: 0 },
  });
  expect(passed).toBe(false);
  expect(text.split('\n')).toEqual([
    `${green('==========')} Running 5 tests.`,
    `${green(' RUN      ')} fine`,
    `${green('       OK ')} fine (812 ns)`,
    `${green(' RUN      ')} returns`,
    'shown',
    `${red('  FAILED  ')} returns (2 \u00ce\u00bcs)`,
    `${green(' RUN      ')} reports`,
    'test.bt:3:12-32: ERROR: oops',
    `${red('  FAILED  ')} reports (3 ms)`,
    `${green(' RUN      ')} exits`,
    `${red('  FAILED  ')} exits (1.3 s)`,
    `${green(' RUN      ')} leaves`,
    `${green('       OK ')} leaves (812 ns)`,
    `${green('==========')} 5 tests ran.`,
    `${green('  PASSED  ')} 2 tests.`,
    `${red('  FAILED  ')} 3 tests, listed below:`,
    `${red('  FAILED  ')} returns`,
    `${red('  FAILED  ')} reports`,
    `${red('  FAILED  ')} exits`,
    '',
  ]);
});

test('all passed: no list of failures', async () => {
  const { passed, text } = await run('test', { only: {} });
  expect(passed).toBe(true);
  expect(text.split('\n').slice(-3)).toEqual([
    `${green('==========')} 1 test ran.`,
    `${green('  PASSED  ')} 1 test.`,
    '',
  ]);
});

test('results as JSON, with the output of tests that passed too', async () => {
  const { text } = await run('test', { one: { prints: 'a\n' }, two: { result: 1 } }, 'json');
  expect(text).toBe(
    '{"type": "test_result", "data": {"one": {"duration": 812, "passed": true, "output": "a\\n"}}}\n' +
      '{"type": "test_result", "data": {"two": {"duration": 812, "passed": false, "output": ""}}}\n',
  );
});

test('a benchmark is repeated more and more until it has taken a millisecond', async () => {
  const { passed, text, journal } = await run('bench', { quick: (times) => ({ averageNs: times === 1 ? 600 : 126 }) });
  expect(passed).toBe(true);
  expect(journal).toEqual([1, 1000, 2000, 4000, 8000].map((times) => `repeat quick ${times}`));
  expect(text).toBe(
    'Benchmark                                Time(ns)       Iterations\n' +
      `${'-'.repeat(66)}\n` +
      'quick                                    126            8000\n',
  );
});

test('a long name widens the column, other results than 0 skip, failures are told', async () => {
  const long = 'a_name_that_is_longer_than_the_column_which_is_forty_one';
  const { passed, text, messages } = await run('bench', {
    [long]: { averageNs: 2_000_000 },
    skipped: { result: 1 },
    wrong: { fails: 'x' },
    last: { averageNs: 1_000_000 },
  });
  expect(passed).toBe(false);
  expect(text.split('\n')).toEqual([
    `${'Benchmark'.padEnd(57)}Time(ns)       Iterations`,
    '-'.repeat(82),
    `${long} 2000000        1`,
    `${'last'.padEnd(57)}1000000        1`,
    '',
  ]);
  expect(messages).toEqual(["Benchmark 'wrong' failed: it called errorf(), or exit() with a status"]);
});

test('benchmarks as JSON', async () => {
  const { text } = await run('bench', { one: { averageNs: 40_000_000 } }, 'json');
  expect(text).toBe('{"type": "benchmark_result", "data": {"one": {"average": 40000000, "iters": 1}}}\n');
});

test('a body that takes no time ends too', async () => {
  const { journal } = await run('bench', { empty: { averageNs: 0 } });
  expect(journal.at(-1)).toBe('repeat empty 1000000000');
});

test('nothing to run is a warning', async () => {
  const { passed, messages } = await run('test', {});
  expect([passed, messages]).toEqual([true, ['The script has no test probes']]);
});
