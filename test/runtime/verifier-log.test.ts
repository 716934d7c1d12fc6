/** Logs as Linux 6.18 wrote them (shortened), and one in the form before 6.8, become one message at the script's line. */
import { describe, expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { RuntimeFailure } from '../../runtime/bpf.ts';
import { explainRejection } from '../../runtime/verifier-log.ts';
import { probe } from '../support/small-program.ts';

const script = 'begin {\n  $a = 1;\n  print($a);\n  $b = @x[$a];\n}\n';
const source = new SourceText('/home/me/script.bt', script);
const probes = [probe('p_1', { kind: 'raw-tracepoint', targets: [{ name: 'sys_enter' }] })];

function explain(log: string, program: string | undefined = 'p_1', errno = 13) {
  return explainRejection(new RuntimeFailure('rejected', { errno, program, log }), source, probes);
}

function textAt(span: { readonly start: number; readonly end: number } | undefined): string | undefined {
  return span === undefined ? undefined : script.slice(span.start, span.end);
}

const invalidAccess = `0: R1=ctx() R10=fp0
; $a = 1; @ script.bt:2
0: (85) call bpf_get_current_task#35          ; R0=scalar()
; print($a); @ script.bt:3
1: (61) r0 = *(u32 *)(r0 +8)
R0 invalid mem access 'scalar'
processed 2 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0
`;

test('the last quoted line of the script is the place; only the telling line is shown', () => {
  const found = explain(invalidAccess);
  expect(textAt(found.span)).toBe('print($a);');
  expect(found.message).toBe(
    'The kernel rejected the program in p_1: memory is read through a pointer that the kernel does not trust ' +
      `(the verifier says "R0 invalid mem access 'scalar'")`,
  );
  expect(found.hint).toContain("-d verifier shows the other 6 lines of the verifier's log");
});

test('lines of our C headers are not lines of the script', () => {
  const log = invalidAccess.replace('; print($a); @ script.bt:3', '; return inner(x); @ read.h:3');
  expect(textAt(explain(log).span)).toBe('$a = 1;');
});

test('before 6.8 lines are quoted without their number', () => {
  expect(textAt(explain(invalidAccess.replaceAll(/ @ script.bt:\d/g, '')).span)).toBe('print($a);');
});

test('without quoted lines the probe is the place', () => {
  expect(textAt(explain("R0 invalid mem access 'scalar'\n").span)).toBe('begin');
  expect(explain("R0 invalid mem access 'scalar'\n", 'unknown').span).toBeUndefined();
});

describe('common messages in plain words', () => {
  test.each([
    ['BPF program is too large. Processed 1000001 insn\nprocessed 1000001 insns (limit 1000000)', 'too large'],
    [
      '19: (ad) if r7 < r0 goto pc-14\nThe sequence of 8193 jumps is too complex.',
      'more branches than the kernel follows',
    ],
    ['infinite loop detected at insn 4', 'loop is too complex'],
    [
      'invalid read from stack\nto caller at 61:\n R0=map_value(map=eb_sites,ks=4,vs=16) R6=fp-16',
      '"invalid read from stack"',
    ],
    ['back-edge from insn 9 to 3', 'loop is too complex'],
    ['combined stack size of 2 calls is 544. Too large', '512 bytes'],
    ['invalid write to stack R10 off=-520 size=8', '512 bytes'],
    ['unknown func bpf_loop#181', 'does not offer a function'],
    ['program of this type cannot use helper bpf_get_attach_cookie#174', 'does not offer a function'],
    ['R6 unbounded memory access, make sure to bounds check any such access', 'in bounds'],
    [
      'invalid access to map value, value_size=64 off=64 size=8\nR0 max value is outside of the allowed memory range',
      'in bounds',
    ],
    ["R0 invalid mem access 'map_value_or_null'", 'does not trust'],
    ['cannot call GPL-restricted function from non-GPL compatible program', 'GPL'],
  ])('%s', (log, words) => {
    expect(explain(`0: R1=ctx() R10=fp0\n${log}\n`).message).toContain(words);
  });
});

test('an unknown message is quoted as it is', () => {
  const found = explain('0: R1=ctx() R10=fp0\nR3 type=scalar expected=fp, pkt\nprocessed 6 insns (limit 1000000)\n');
  expect(found.message).toBe(
    'The kernel rejected the program in p_1: the verifier says "R3 type=scalar expected=fp, pkt"',
  );
});

test('a log that was cut says so', () => {
  expect(explain('0: R1=ctx() R10=fp0\n; $a = 1; @ script.bt:2\n', 'p_1', 28).hint).toContain('log_size');
});

describe('functions that the kernel keeps programs away from', () => {
  const target = { module: 'vmlinux', name: 'f', btfId: 1 };
  const about = (log: string): string => {
    const failure = new RuntimeFailure('rejected', { errno: 22, program: 'p_2', log });
    return explainRejection(failure, source, [probe('p_2', { kind: 'tracing', target })]).message;
  };

  test('some kernels say nothing', () => {
    expect(
      about('processed 0 insns (limit 1000000) max_states_per_insn 0 total_states 0 peak_states 0 mark_read 0\n'),
    ).toBe(
      'The kernel rejected the program in p_2: the kernel keeps programs away from this function, because tracing itself may run through it',
    );
  });

  test.each([
    ["Attaching tracing programs to function '__rcu_read_lock' is rejected.", 'keeps programs away from this function'],
    ['Cannot recursively attach', 'keeps programs away from this function'],
    ['The function from_kuid arg1 type STRUCT is unsupported.', 'with such a type as argument or result'],
    ['The address of function f cannot be found', 'no symbol of this function'],
  ])('%s', (words, says) => {
    expect(about(`${words}\nprocessed 0 insns (limit 1000000) max_states_per_insn 0\n`)).toContain(`${says}`);
  });
});
