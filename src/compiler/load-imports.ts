/**
 * Pass after parsing: the files that a script imports. `.bt` files are parsed and merged into the script, their text lies
 * behind the script's own in `source`; headers and BPF objects are found for the passes that read them.
 */
import type { Script } from '../../grammar/ast.ts';
import { Report } from '../../grammar/diagnostic.ts';
import { parse } from '../../grammar/index.ts';
import type { SourceText, Span } from '../../grammar/source.ts';
import type { HostFiles } from '../world/host-files.ts';

export interface ImportEnv {
  /** For reading imported files; without them imports are refused. */
  readonly files?: HostFiles | undefined;
  /** Folder that paths are relative to: the main script's, or the working directory for `-e` and stdin. */
  readonly scriptFolder?: string | undefined;
}

export interface LoadedScript {
  /** The script with all imported scripts in it. */
  readonly script: Script;
  /** Text of the script and of all imported scripts. */
  readonly source: SourceText;
  /** Imported `.h` files, in order. */
  readonly headers: readonly ImportedFile[];
  /** Imported `.bpf.c` and `.bpf.o` files, in order. */
  readonly objects: readonly ImportedFile[];
}

export interface ImportedFile {
  readonly path: string;
  /** The import statement. */
  readonly span: Span;
}

/** Reports into a new Report over the whole text, which also has everything that parsing said. */
export function loadScript(
  source: SourceText,
  _env: ImportEnv,
): { readonly loaded: LoadedScript; readonly report: Report } {
  const report = new Report(source);
  const script = parse(source, report);
  for (const item of script.imports) {
    report.error('import-unavailable', item.span, 'imports are not available in this version of ebtrace');
  }
  return { loaded: { script, source, headers: [], objects: [] }, report };
}
