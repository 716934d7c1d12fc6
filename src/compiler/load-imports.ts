/**
 * Pass after parsing: the files that a script imports. `.bt` files are parsed and merged into the script, their text lies
 * behind the script's own in `source`; headers and BPF objects are found for the passes that read them.
 */
import { posix } from 'node:path';
import type { Import, Script } from '../../grammar/ast.ts';
import { type Diagnostic, Report } from '../../grammar/diagnostic.ts';
import { parse, parseImported } from '../../grammar/index.ts';
import type { SourceText, Span } from '../../grammar/source.ts';
import { emptyHostFiles, type HostFiles, readText } from '../world/host-files.ts';
import { findImport } from './find-import.ts';

export interface ImportEnv {
  /** For reading imported files; without them there is nothing to import. */
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
  env: ImportEnv,
): { readonly loaded: LoadedScript; readonly report: Report } {
  const report = new Report(source);
  const script = parse(source, report);
  if (script.imports.length === 0) {
    return { loaded: { script, source, headers: [], objects: [] }, report };
  }
  const loading: Loading = {
    source,
    diagnostics: [...report.diagnostics],
    seen: new Set([mainPath(source, env)]),
    scripts: [],
    headers: [],
    objects: [],
  };
  loadImports(script, env, loading);
  const whole = new Report(loading.source);
  for (const entry of loading.diagnostics) whole.add(entry);
  const { headers, objects, scripts } = loading;
  return { loaded: { script: merged(script, scripts), source: loading.source, headers, objects }, report: whole };
}

/** What has been read so far. */
interface Loading {
  source: SourceText;
  readonly diagnostics: Diagnostic[];
  /** Paths of files that were imported. */
  readonly seen: Set<string>;
  /** In the order of the import graph: a script stands behind those that it imports. */
  readonly scripts: Script[];
  readonly headers: ImportedFile[];
  readonly objects: ImportedFile[];
}

/** A main script that one of its imports names again is not read twice. */
function mainPath(source: SourceText, { scriptFolder = '/' }: ImportEnv): string {
  return posix.join(scriptFolder, posix.basename(source.name));
}

function loadImports(script: Script, env: ImportEnv, loading: Loading): void {
  const { files = emptyHostFiles, scriptFolder = '/' } = env;
  for (const item of script.imports) {
    const report = new Report(loading.source);
    const found = findImport(item, files, scriptFolder, report);
    loading.diagnostics.push(...report.diagnostics);
    for (const { kind, path, name } of found) {
      if (loading.seen.has(path)) continue;
      loading.seen.add(path);
      if (kind === 'header') loading.headers.push({ path, span: item.span });
      else if (kind === 'object') loading.objects.push({ path, span: item.span });
      else loadImported(readText(files, path), name, item, env, loading);
    }
  }
}

function loadImported(text: string | undefined, name: string, item: Import, env: ImportEnv, loading: Loading): void {
  if (text === undefined) {
    const report = new Report(loading.source);
    report.error('import-unreadable', item.span, `cannot read "${name}"`);
    loading.diagnostics.push(...report.diagnostics);
    return;
  }
  const { source, start } = loading.source.including(name, text);
  loading.source = source;
  const report = new Report(source);
  const script = parseImported(source, start, report);
  const { config } = script;
  if (config !== undefined && config.entries.length > 0) {
    report.error('config-in-import', config.span, 'only the main script has a config block', {
      related: [{ message: 'the file is imported here', span: item.span }],
    });
  }
  loading.diagnostics.push(...report.diagnostics);
  loadImports(script, env, loading);
  loading.scripts.push(script);
}

/** Everything of the imported scripts stands before that of the main script, so begin and end probes run in that order. */
function merged(main: Script, imported: readonly Script[]): Script {
  const all = [...imported, main];
  return {
    ...main,
    preamble: all.flatMap((script) => script.preamble),
    items: all.flatMap((script) => script.items),
  };
}
