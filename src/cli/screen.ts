/**
 * Standard output and standard error as the commands use them: byte strings to descriptors, diagnostics in the user's
 * style. Writing is synchronous, so that nothing is lost when the process ends.
 */
import { isatty } from 'node:tty';
import type { Diagnostic } from '../../grammar/diagnostic.ts';
import type { SourceText } from '../../grammar/source.ts';
import type { HeldSink, Sink } from '../../runtime/output/output.ts';
import type { SinkOptions } from '../../runtime/output/sink.ts';
import { type Environment, variable } from './environment.ts';
import { type DiagnosticStyle, renderDiagnostic } from './render-diagnostic.ts';

export interface Screen {
  /** Throws SinkClosed when the reader has gone away. */
  readonly out: Sink;
  /** Never throws SinkClosed: nobody reads, so there is nobody to tell. */
  readonly err: Sink;
  /** Another sink to stderr, for a session: one that may hold back what its reader does not take. */
  heldErr(options: Pick<SinkOptions, 'reader' | 'behind'>): HeldSink;
  readonly style: DiagnosticStyle;
  /** Unicode text and a line end to stdout. */
  say(text: string): void;
  /** The same to stderr. */
  remark(text: string): void;
  render(diagnostic: Diagnostic, source: SourceText | undefined): string;
  report(diagnostics: readonly Diagnostic[], source?: SourceText): void;
}

export async function openScreen(style: DiagnosticStyle): Promise<Screen> {
  const [{ FdSink }, { SinkClosed }] = await Promise.all([
    import('../../runtime/output/sink.ts'),
    import('../../runtime/output/output.ts'),
  ]);
  const out = new FdSink(1, 'line', { isTerminal: isatty(1) });
  const heldErr: Screen['heldErr'] = (options) =>
    forgiving(new FdSink(2, 'none', options), (failure) => failure instanceof SinkClosed);
  const err = heldErr({});
  const write = (sink: Sink, text: string): void => {
    sink.write(bytes(text));
    sink.flush();
  };
  const render = (diagnostic: Diagnostic, source: SourceText | undefined): string =>
    renderDiagnostic(diagnostic, source, style);
  return {
    out,
    err,
    heldErr,
    style,
    say: (text) => write(out, `${text}\n`),
    remark: (text) => write(err, `${text}\n`),
    render,
    report: (diagnostics, source) => write(err, diagnostics.map((entry) => render(entry, source)).join('')),
  };
}

/** What the environment says about colours; undefined when that is something else than auto, always or never. */
export function colourStyle(environment: Environment): DiagnosticStyle | undefined {
  switch (variable('colour', environment)?.value ?? 'auto') {
    case 'auto':
      return { colour: isatty(1) && isatty(2) && (environment.NO_COLOR ?? '') === '' };
    case 'always':
      return { colour: true };
    case 'never':
      return { colour: false };
    default:
      return undefined;
  }
}

/** Unicode text as the byte string of its UTF-8 form. */
export function bytes(text: string): string {
  return Buffer.from(text, 'utf8').toString('latin1');
}

function forgiving(sink: HeldSink, isForgiven: (failure: unknown) => boolean): HeldSink {
  const attempt = (work: () => void): void => {
    try {
      work();
    } catch (failure) {
      if (!isForgiven(failure)) throw failure;
    }
  };
  return {
    get blocked() {
      return sink.blocked;
    },
    get heldBytes() {
      return sink.heldBytes;
    },
    write: (text) => attempt(() => sink.write(text)),
    flush: () => attempt(() => sink.flush()),
    discard: () => sink.discard(),
  };
}
