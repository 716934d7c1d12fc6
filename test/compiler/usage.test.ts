import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import { SourceText } from '../../grammar/source.ts';
import { bodyUsage } from '../../src/compiler/usage.ts';

/** Body (and predicate) of a probe -> `probe`, `args`, `args.field` in the order of their names. */
function check(rest: string, expected: readonly string[]): void {
  const report = new Report(SourceText.fromUnicode('stdin', `tracepoint:a:b ${rest}`));
  const [probe] = parse(report.source, report).items;
  expect(report.diagnostics).toEqual([]);
  if (probe?.kind !== 'probe') throw new Error('not a probe');
  const usage = bodyUsage(probe);
  const whole = usage.args && usage.fields === undefined ? ['args'] : [];
  const fields = [...(usage.fields ?? [])].map((field) => `args.${field}`);
  expect(usage.args).toBe(whole.length + fields.length > 0);
  expect([...(usage.probe ? ['probe'] : []), ...whole, ...fields.sort()]).toEqual(expected);
}

test.each<[string, string[]]>([
  ['{ @ = count(); }', []],
  ['{ @[args.pid] = count(); }', ['args.pid']],
  ['{ @[args->pid, args.comm] = sum(args.pid); }', ['args.comm', 'args.pid']],
  ['/args.ret < 0/ { @ = count(); }', ['args.ret']],
  ['{ if (pid == 1) { printf("%s", str(args.name)); } else { print(probe); } }', ['probe', 'args.name']],
  ['{ print(args); }', ['args']],
  ['{ $a = args; $b = args.x; }', ['args']],
  ['{ @[probe()] = count(); }', ['probe']],
  ['/probe == "x"/ { }', ['probe']],
  ['{ $x = (probe=1, args=2); print($x.probe); print($x.args); }', []],
  ['{ $args = 1; @probe = $args; }', []],
  [
    '{ for ($i : 0..args.n) { unroll (2) { @ = (args.a, (args.b ? 1 : args.c)); } } }',
    ['args.a', 'args.b', 'args.c', 'args.n'],
  ],
  ['{ @ = sizeof(args.name); }', ['args.name']],
])('%s', (rest, expected) => check(rest, expected));
