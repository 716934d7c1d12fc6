/**
 * What the build-*.ts files share: the context they pass along, spans of tokens, literals, and the limit on depth.
 */
import type { IToken } from 'chevrotain';
import type { Report } from './diagnostic.ts';
import { parseInteger } from './integer.ts';
import { maxTreeDepth, reportTooDeep } from './nesting.ts';
import type { Span } from './source.ts';
import { unquoteString } from './string-literal.ts';
import { BadString } from './tokens.ts';

export interface BuildContext {
  readonly report: Report;
  /** Levels of the AST above the node that is being built. */
  depth: number;
  tooDeepReported: boolean;
}

export function spanOf(token: IToken): Span {
  return { start: token.startOffset, end: token.startOffset + token.image.length };
}

/** First element of a CST list. The grammar makes sure there is one; if not, grammar and builder have come apart. */
export function firstOf<T>(list: readonly T[] | undefined): T {
  const first = list?.[0];
  if (first === undefined) throw new Error('the syntax tree lacks a part that the grammar requires');
  return first;
}

/** Builds a node `levels` deeper than now, or reports and returns undefined when that is deeper than we allow. */
export function deeper<T>(build: BuildContext, levels: number, at: () => Span, node: () => T): T | undefined {
  if (build.depth + levels > maxTreeDepth) {
    if (!build.tooDeepReported) reportTooDeep(at(), build.report);
    build.tooDeepReported = true;
    return undefined;
  }
  build.depth += levels;
  try {
    return node();
  } finally {
    build.depth -= levels;
  }
}

/** Value of an integer token; 0 after a report. */
/** Undefined when it is none, which is reported. */
export function integerValue(build: BuildContext, token: IToken): bigint | undefined {
  const result = parseInteger(token.image);
  if ('value' in result) return result.value;
  const shown = token.image.length > 40 ? `${token.image.slice(0, 37)}...` : token.image;
  build.report.error('bad-integer', spanOf(token), `bad integer '${shown}': ${result.problem}`);
  return undefined;
}

/** Bytes of a string token; bad escapes are reported and left out. */
export function stringValue(build: BuildContext, token: IToken): string {
  if (token.tokenType === BadString) return ''; // reported by lexical-errors.ts
  const { value, problems } = unquoteString(token.image);
  for (const { offset, length, problem } of problems) {
    const start = token.startOffset + offset;
    build.report.error('bad-escape', { start, end: start + length }, problem);
  }
  return value;
}
