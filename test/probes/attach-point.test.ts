import { expect, test } from 'vitest';
import { Report } from '../../grammar/diagnostic.ts';
import { SourceText } from '../../grammar/source.ts';
import { resolveAttachPoint } from '../../src/probes/attach-point.ts';
import { diagnosticLines } from '../support/diagnostic-lines.ts';

/** Attach point -> `provider(part@start-end|part@...)` per kind, or the diagnostics. */
function check(text: string, positionals: readonly string[], expected: readonly string[]): void {
  const report = new Report(new SourceText('stdin', text));
  const span = { start: 0, end: text.length };
  const resolved = resolveAttachPoint({ kind: 'attach-point', text, span }, positionals, report);
  const lines = resolved.map(
    ({ kind, args, tentative }) =>
      `${kind.name}(${args.parts.map((part) => `${part.text}@${part.span.start}-${part.span.end}`).join('|')})${tentative ? '?' : ''}`,
  );
  expect([...lines, ...diagnosticLines(report)]).toEqual(expected);
}

test.each<[string, string[]]>([
  ['begin', ['begin()']],
  ['BEGIN', ['begin()']],
  ['End', ['end()']],
  ['tracepoint:sched:sched_switch', ['tracepoint(sched@11-16|sched_switch@17-29)']],
  ['t:sched:*', ['tracepoint(sched@2-7|*@8-9)']],
  ['TracePoint:a:b', ['tracepoint(a@11-12|b@13-14)']],
  ['mine=interval:s:1', ['interval(s@14-15|1@16-17)']],
  ['software:faults:', ['software(faults@9-15|@16-16)']],
  ['t:"a:b":c', ['tracepoint(a:b@2-7|c@8-9)']],
  ['t:x"a b"y:c', ['tracepoint(xa by@2-9|c@10-11)']],
  ['t:"a\\"b\\\\":c', ['tracepoint(a"b\\@2-10|c@11-12)']],
  ['t:"$x@y":c', ['tracepoint($x@y@2-8|c@9-10)']],
  ['t:file@src.c:3', ['tracepoint(file@2-6|@@6-7|src.c@7-12|3@13-14)']],
])('%s is taken apart', (text, expected) => check(text, [], expected));

test.each<[string, string[], string[]]>([
  ['i:ms:$1', ['250'], ['interval(ms@2-4|250@5-7)']],
  ['i:ms:1$1', ['00'], ['interval(ms@2-4|100@5-8)']],
  ['BEG$1', ['IN'], ['begin()']],
  ['$1', ['interval:s:5'], ['interval(s@0-2|5@0-2)']],
  ['i:$2:$1', ['9', 'hz'], ['interval(hz@2-4|9@5-7)']],
  [
    't:$12:b',
    [],
    [
      'tracepoint(@2-5|b@6-7)',
      'warning 2-5 probe-parameter-missing: no positional parameter $12 was given: nothing stands here',
    ],
  ],
])('%s with positional parameters %j', (text, positionals, expected) => check(text, positionals, expected));

test.each<[string, string[]]>([
  [
    't:$x:b',
    [
      "error 2-4 probe-parameter: '$' in an attach point stands before the number of a positional parameter, as in $1 " +
        '[Put the part in quotes when the dollar sign belongs to a name.]',
    ],
  ],
  [
    'tracepiont:sched:sched_switch',
    ["error 0-10 unknown-probe: Unknown kind of probe 'tracepiont' [Did you mean 'tracepoint'?]"],
  ],
  ['frob:x', ["error 0-4 unknown-probe: Unknown kind of probe 'frob'"]],
  ['T:a:b', ["error 0-1 unknown-probe: Unknown kind of probe 'T'"]],
  [':a:b', ['error 0-0 unknown-probe: The kind of probe is missing']],
  ['U:/bin/sh:x', ['error 0-1 probe-unavailable: usdt probes are not available in this version of ebtrace']],
  ['u:/bin/sh:x', ['error 0-1 probe-unavailable: uprobe probes are not available in this version of ebtrace']],
])('%s is refused', (text, expected) => check(text, [], expected));

test('a wildcard provider stands for the kinds that a plain listing shows', () => {
  check(
    '*:a:b',
    [],
    [
      'fentry(a@2-3|b@4-5)?',
      'hardware(a@2-3|b@4-5)?',
      'iter(a@2-3|b@4-5)?',
      'kprobe(a@2-3|b@4-5)?',
      'rawtracepoint(a@2-3|b@4-5)?',
      'software(a@2-3|b@4-5)?',
      'tracepoint(a@2-3|b@4-5)?',
    ],
  );
  check('trace*:a:b', [], ['tracepoint(a@7-8|b@9-10)?']);
});
