/**
 * clang's stderr -> Diagnostics. Lines look like `FILE:LINE:COLUMN: error: TEXT` (carets are switched off). After the
 * checker nothing in generated C can be the user's mistake, so an error there is a bug of ebtrace and says so, at the
 * script line that the statement came from. Only C that the user wrote in the script gets its errors as they are.
 */
import type { Report } from '../../grammar/diagnostic.ts';
import type { SourceText, Span } from '../../grammar/source.ts';
import type { ClangLocation } from './find-clang.ts';

export interface ClangFailure {
  readonly clang: ClangLocation;
  /** How it ended, for a run that left no message. */
  readonly failure: string;
  readonly stderr: string;
}

/** `failure` of a run that was ended because it took longer than any script that could be loaded. */
export const tooSlow = 'took too long';

/** Reports at least one error. */
export function reportClangMessages(run: ClangFailure, report: Report): void {
  if (/unknown target triple|no available targets are compatible|unable to create target/i.test(run.stderr)) {
    report.error('clang-without-bpf', undefined, `${run.clang.path} has no BPF back end.`, {
      hint: 'Use the clang of a distribution, or the embedded one: leave out --clang and EBTRACE_CLANG.',
    });
    return;
  }
  if (run.failure === tooSlow || /out of insn range/i.test(run.stderr)) {
    report.error('too-large', undefined, 'A probe of this script is too large for a BPF program.', {
      hint: 'A program has at most one million instructions: make loops of what repeats, or split the probe.',
    });
    return;
  }
  const errors = parseMessages(run.stderr).filter((message) => message.severity === 'error');
  const first = errors[0];
  if (first === undefined) {
    const text = run.stderr.trim().split('\n').at(-1) ?? '';
    report.error('clang-failed', undefined, `${run.clang.path} failed (${run.failure})${text && `: ${text}`}`, {
      hint: failureHint(run.failure, 'Check that it runs and that the temporary folder (TMPDIR) has space.'),
    });
    return;
  }
  const span = first.file === 'script.bt' ? lineSpan(report.source, first.line) : undefined;
  if (first.text.includes('BPF stack limit')) {
    report.error('stack-limit', span, 'This probe keeps more than the 512 bytes that fit on the BPF stack.', {
      hint: 'Use fewer or smaller variables, or lower on_stack_limit so that more of them live in per-CPU memory.',
    });
    return;
  }
  report.error('generated-c', span, `The C code generated here does not compile: ${first.text} (${place(first)}).`, {
    hint: 'This is a bug of ebtrace, not of the script: please report it with the script and the output of -d c.',
  });
}

/** What to do about a run that ended like this without saying why; `otherwise` when no signal ended it. */
export function failureHint(failure: string, otherwise: string): string {
  if (failure === 'ended by SIGKILL')
    return 'Most often this is the kernel, short of memory: see dmesg and the memory limit of the container.';
  if (failure.startsWith('ended by '))
    return 'clang itself crashed, whatever the script says: run it again, or with another clang (--clang PATH).';
  return otherwise;
}

interface ClangMessage {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based, in bytes. */
  readonly column: number;
  readonly severity: 'error' | 'warning' | 'note';
  readonly text: string;
}

/** Lines that are no messages ("2 errors generated.") are left out. */
export function parseMessages(stderr: string): readonly ClangMessage[] {
  return stderr.split('\n').flatMap((line) => {
    const match = /^(.+?):(\d+):(\d+): (?:fatal )?(error|warning|note): (.*)$/.exec(line);
    if (match === null) return [];
    const [, file = '', lineNumber, column, severity, text = ''] = match;
    if (severity !== 'error' && severity !== 'warning' && severity !== 'note') return [];
    // The name of the warning that was made an error means nothing to somebody who did not choose the options.
    const plain = text.replace(/ \[-W[^\]]*\]$/, '');
    return [{ file, line: Number(lineNumber), column: Number(column), severity, text: plain }];
  });
}

function place(message: ClangMessage): string {
  return `${message.file} line ${message.line}`;
}

/** The line without the white space around its text. */
function lineSpan(source: SourceText, line: number): Span | undefined {
  const span = wholeLine(source, line);
  if (span === undefined) return undefined;
  const text = source.slice(span);
  return { start: span.start + (text.length - text.trimStart().length), end: span.start + text.trimEnd().length };
}

function wholeLine(source: SourceText, line: number): Span | undefined {
  if (line < 1 || line > source.lineCount) return undefined;
  let start = 0;
  for (let number = 1; number < line; number++) start = source.text.indexOf('\n', start) + 1;
  return { start, end: start + source.line(line).length };
}
