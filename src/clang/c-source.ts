/**
 * The script's C as one file for clang: first what was borrowed from the kernel, then `--include` files, imported
 * headers and the preamble, each under a `#line` that says where it came from, at its own column. What clang says about a
 * place is thereby said about the script. Nothing here reads or understands C.
 */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { CDefinition } from '../../grammar/ast.ts';
import type { SourceText } from '../../grammar/source.ts';
import type { ImportedFile } from '../compiler/load-imports.ts';

export interface CSource {
  readonly preamble: readonly CDefinition[];
  /** `--include FILE`, in order. */
  readonly includeFiles: readonly string[];
  /** `-I DIR`, in order. */
  readonly includeFolders: readonly string[];
  readonly headers: readonly ImportedFile[];
  readonly objects: readonly ImportedFile[];
  /** Where `#include "file"` of the script looks first: its own folder. */
  readonly scriptFolder?: string | undefined;
  /** CPATH, C_INCLUDE_PATH, BPFTRACE_KERNEL_SOURCE and BPFTRACE_KERNEL_BUILD. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined;
}

/** Names in `#line` that are no files. They cannot be paths of the user's, as they hold no place to look at. */
export const pseudoFile = {
  script: 'script.bt',
  /** Line N: the Nth `--include`. */
  includeOption: '<--include>',
  /** Line N: the Nth imported header. */
  imported: '<import>',
  /** Line N: the Nth anchor (definition-names.ts). */
  anchors: '<anchors>',
  borrowed: '<kernel>',
} as const;

/** `borrowed`: declarations of kernel types. Byte strings. */
export function cText(c: CSource, source: SourceText, borrowed: readonly string[], anchors: readonly string[]): string {
  return [
    ...under(pseudoFile.borrowed, borrowed),
    ...under(
      pseudoFile.includeOption,
      c.includeFiles.map((file) => `#include ${quoted(nearFile(file))}`),
    ),
    ...under(
      pseudoFile.imported,
      c.headers.map((file) => `#include ${quoted(resolve(file.path))}`),
    ),
    ...c.preamble.flatMap((definition) => placed(definition, source)),
    ...under(pseudoFile.anchors, anchors),
    '',
  ].join('\n');
}

function under(file: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`#line 1 "${file}"`, ...lines];
}

function placed({ text, span }: CDefinition, source: SourceText): readonly string[] {
  const { line, column } = source.position(span.start);
  const isDirective = text.startsWith('#');
  // The script may leave out the `;`, and one more does no harm. On a line of its own, as the text may end in `//`.
  return [`#line ${line} "${pseudoFile.script}"`, ' '.repeat(column - 1) + text, ...(isDirective ? [] : [';'])];
}

/** `--include` means a file of the working directory first, whatever folder the script is in. */
function nearFile(file: string): string {
  const path = resolve(file);
  return existsSync(path) ? path : file;
}

/** Paths come from the command line as JavaScript strings, the text is made of bytes. */
function quoted(path: string): string {
  return `"${Buffer.from(path, 'utf8').toString('latin1')}"`;
}
