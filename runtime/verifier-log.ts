/**
 * The log of the kernel's verifier -> one Diagnostic at the script's own line. Generated C carries `#line`, so the
 * log quotes the script: `; TEXT @ FILE:LINE`. Of the rest only the last lines tell anything; they are kept and the
 * others counted.
 */
import type { Diagnostic } from '../grammar/diagnostic.ts';
import type { SourceText, Span } from '../grammar/source.ts';
import type { ProbePlan } from '../src/program/program.ts';
import type { RuntimeFailure } from './bpf.ts';

/** Some kernels say nothing at all about these: the verifier did not even begin. */
const deniedFunction = {
  says: 'the kernel keeps programs away from this function, because tracing itself may run through it',
  hint: 'trace what calls it',
};

/** Everything we know how to say better than the verifier does; the first pattern that fits counts. */
const explanations: readonly { readonly pattern: RegExp; readonly says: string; readonly hint: string }[] = [
  {
    pattern: /^The function \S+ (?:arg\d+|return) type \S+ is unsupported/,
    says: 'this kernel has no programs for functions with such a type as argument or result',
    hint: 'structs passed by value (up to 16 bytes) need Linux 6.1 on x86-64; a kprobe works on every kernel',
  },
  {
    pattern: /^The function \S+ has \d+ arguments\. Too many/,
    says: 'the function has more arguments than programs can have',
    hint: 'a kprobe works on every kernel',
  },
  {
    pattern: /__noreturn functions/,
    says: 'the function never returns, so that nothing can run behind its return',
    hint: 'fentry runs when it is called',
  },
  { pattern: /recursively attach|Cannot nest tracing|is rejected\.$/, ...deniedFunction },
  {
    pattern: /^The address of function \S+ cannot be found/,
    says: 'the kernel has no symbol of this function any more',
    hint: 'the compiler changed it or built it into its callers: trace one of those',
  },
  {
    pattern: /BPF program is too large|processed 1000001 insns|too many instructions/,
    says: 'the program is too large for the kernel: it would have to check more than one million instructions',
    hint: 'make loops shorter, nest fewer of them, or split the probe into several',
  },
  {
    pattern: /sequence of \d+ jumps is too complex/,
    says: 'the program has more branches than the kernel follows',
    hint: 'split the probe into several, or make a loop of statements that are alike',
  },
  {
    pattern: /back-edge|infinite loop detected|loop is not bounded/,
    says: 'a loop is too complex: the kernel cannot see that it ends',
    hint: 'count with a variable that grows by a constant up to a literal limit, or use `for ($i : 0..N)`',
  },
  {
    pattern:
      /(combined stack size|invalid (?:write to|read from|indirect access to) stack|stack depth|stack frame size)/i,
    says: 'the probe needs more stack than the 512 bytes a BPF program has',
    hint: 'use fewer or smaller strings and tuples at a time; config on_stack_limit = 0 keeps them off the stack',
  },
  {
    pattern: /(unknown func|invalid func|program of this type cannot use helper|helper call is not allowed)/,
    says: 'this kernel does not offer a function that the script needs in this kind of probe',
    hint: 'use a newer kernel, or another kind of probe for this code',
  },
  {
    pattern: /GPL-compatible|cannot call GPL/i,
    says: 'a function of the kernel that the script needs is for GPL-compatible programs only',
    hint: "leave config license at its default 'GPL'",
  },
  {
    pattern:
      /(min value is negative|unbounded memory access|outside of the (?:allowed|map) |invalid access to map value|invalid zero-sized read)/,
    says: 'memory is accessed with an index or a length that the kernel cannot see to be in bounds',
    hint: 'limit the index before it is used: if ($i >= 0 && $i < N) { ... }',
  },
  {
    pattern: /(invalid mem access|dereference of modified|invalid bpf_context access)/,
    says: 'memory is read through a pointer that the kernel does not trust',
    hint: 'check the pointer for 0 first, or read through it with kptr() or uptr()',
  },
];

/** Lines that close every log and tell nothing about the error. */
const statistics = /^(processed \d+ insns|verification time|stack depth|peak_states|mark_read|live |func#)/;
/** State of registers, instructions, quoted source lines, where control came from. */
const trace =
  /^(?:\d+: |; |R\d+=|from \d+ to |\s*$|.*: R\d+(?:_w)?=|propagating|last_idx|regs=|frame\d+: |mark_precise|parent |arg#|(?:returning from )?callee:|caller:|to caller at )/;

const ENOSPC = 28;
/** Kernels before 6.4 keep the start of a log that is too long, and the reason is at its end. */
const LOG_CUT = 'the log did not fit; a larger config log_size shows the reason';

/** Lines of the verifier that are shown. */
const SHOWN = 2;

export function explainRejection(
  failure: RuntimeFailure,
  source: SourceText,
  probes: readonly ProbePlan[],
): Diagnostic {
  const log = failure.log ?? '';
  const lines = log.split('\n').filter((line) => line.trim() !== '');
  const telling = lines.filter((line) => !trace.test(line.trimStart()) && !statistics.test(line)).slice(-SHOWN);
  const probe = probes.find((entry) => entry.program === failure.program);
  const isDenied =
    probe?.attach.kind === 'tracing' && telling.length === 0 && /^processed 0 insns/.test(lastLine(lines));
  const known = isDenied
    ? deniedFunction
    : explanations.find(({ pattern }) => telling.some((line) => pattern.test(line)) || pattern.test(lastLine(lines)));
  const where = probe === undefined ? '' : ` in ${probe.name}`;
  const quoted = telling.map((line) => `"${line.trim()}"`).join(', ');
  const rest = lines.length - telling.length;
  const said = quoted === '' ? failure.what : `the verifier says ${quoted}`;
  const message =
    known === undefined
      ? `The kernel rejected the program${where}: ${said}`
      : `The kernel rejected the program${where}: ${known.says}${quoted === '' ? '' : ` (${said})`}`;
  const more =
    rest > 0
      ? `-d verifier shows ${rest === 1 ? 'the other line' : `the other ${rest} lines`} of the verifier's log`
      : undefined;
  const cut = failure.errno === ENOSPC && known === undefined ? LOG_CUT : undefined;
  const hint = [known?.hint ?? cut ?? failure.hint, more].filter((part) => part !== undefined).join('; ');
  const span = scriptSpan(lines, source) ?? probe?.span;
  return {
    severity: 'error',
    code: 'verifier-rejected',
    message,
    ...(span === undefined ? {} : { span }),
    ...(hint === '' ? {} : { hint }),
  };
}

/** The statistics come after the error, and "too many instructions" is told by them alone. */
function lastLine(lines: readonly string[]): string {
  return lines.findLast((line) => line.startsWith('processed ')) ?? '';
}

/**
 * The last line of the script that the verifier stood at. Before 6.8 the log quotes the text without `@ FILE:LINE`;
 * it is then looked up, and taken when it is in the script exactly once.
 */
function scriptSpan(lines: readonly string[], source: SourceText): Span | undefined {
  for (let i = lines.length - 1; i >= 0; i--) {
    const quoted = /^; (.*?)(?: @ (.*):(\d+))?$/.exec(lines[i] ?? '');
    if (quoted === null) continue;
    const [, text = '', file, number] = quoted;
    if (number !== undefined) {
      if (file !== undefined && !sameFile(file, source.name)) continue;
      return lineSpan(source, Number(number));
    }
    const found = lineOfText(source, text);
    if (found !== undefined) return lineSpan(source, found);
  }
  return undefined;
}

/** The log has the last part of the path only. Scripts of -e are compiled under another name than `stdin`. */
function sameFile(quoted: string, name: string): boolean {
  const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
  return base(quoted) === base(name) || !/\.(h|c)$/.test(quoted);
}

function lineOfText(source: SourceText, text: string): number | undefined {
  const wanted = text.trim();
  const found: number[] = [];
  for (let number = 1; wanted !== '' && number <= source.lineCount; number++) {
    if (source.line(number).trim() === wanted) found.push(number);
  }
  return found.length === 1 ? found[0] : undefined;
}

/** The text of a line without its indentation. */
function lineSpan(source: SourceText, number: number): Span | undefined {
  if (number < 1 || number > source.lineCount) return undefined;
  const text = source.line(number);
  const start = lineStart(source, number) + (text.length - text.trimStart().length);
  return { start, end: start + Math.max(1, text.trim().length) };
}

function lineStart(source: SourceText, number: number): number {
  let at = 0;
  for (let line = 1; line < number; line++) at = source.text.indexOf('\n', at) + 1;
  return at;
}
