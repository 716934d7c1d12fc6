/**
 * Text -> AST, the front door of the grammar. Reports what is wrong and returns what could be read, so that several
 * errors come out of one run and an editor has a tree for the rest.
 */
import type { CstNode, ILexingResult, IToken } from 'chevrotain';
import type { Expr, Script } from './ast.ts';
import { buildScript } from './build-ast.ts';
import { Report } from './diagnostic.ts';
import { reportLexicalErrors, reportNotText } from './lexical-errors.ts';
import { firstTooDeep, reportTooDeep } from './nesting.ts';
import { parseTokens } from './parser.ts';
import { maxFailures } from './parser-base.ts';
import { SourceText } from './source.ts';
import { reportSyntaxErrors, reportTooManyErrors } from './syntax-errors.ts';
import { tokenize } from './tokens.ts';

/** Never throws for any text. After errors the script lacks the statements and root items that could not be read. */
export function parse(source: SourceText, report: Report): Script {
  const read = readCst(source, report);
  return read === undefined ? emptyScript(source) : buildScript(read.cst, report);
}

/** The last file of `source`, which begins at `start`; it may be empty. Spans are those of the whole source. */
export function parseImported(source: SourceText, start: number, report: Report): Script {
  const read = readCst(source, report, start);
  return read === undefined ? emptyScript(source) : buildScript(read.cst, report);
}

/** One expression, with spans that mean nothing; undefined when the text is not just that. */
export function parseExpression(text: string): Expr | undefined {
  const source = new SourceText('expression', `begin { _ = ${text}\n; }`);
  const report = new Report(source);
  const { items, preamble } = parse(source, report);
  const [probe] = items;
  if (report.hasErrors || preamble.length > 0 || items.length !== 1 || probe?.kind !== 'probe') return undefined;
  const { statements, value } = probe.body;
  const [only] = statements;
  return value === undefined && statements.length === 1 && only?.kind === 'discard' ? only.value : undefined;
}

/** Tokens and CST, for the formatter too; undefined when there is nothing to be read. */
export function readCst(
  source: SourceText,
  report: Report,
  start = 0,
): { readonly tokens: readonly IToken[]; readonly cst: CstNode } | undefined {
  if (reportNotText(report, start)) return undefined;
  const lexed = shifted(tokenize(source.text.slice(start)), start);
  const lexical = reportLexicalErrors(lexed, report);
  if (lexed.tokens.length === 0) {
    if (!report.hasErrors && start === 0) reportEmpty(report);
    return undefined;
  }
  const tooDeep = firstTooDeep(lexed.tokens);
  if (tooDeep !== undefined) {
    const at = tooDeep.startOffset;
    reportTooDeep({ start: at, end: at + tooDeep.image.length }, report);
    return undefined;
  }
  const { cst, failures } = parseTokens(lexed.tokens);
  reportSyntaxErrors(failures, lexed.tokens, lexical, report);
  if (failures.length >= maxFailures) reportTooManyErrors(report);
  return { tokens: lexed.tokens, cst };
}

/** Every span comes from `startOffset` and the length of a token's text. */
function shifted(lexed: ILexingResult, start: number): ILexingResult {
  if (start === 0) return lexed;
  for (const token of lexed.tokens) token.startOffset += start;
  for (const error of lexed.errors) error.offset += start;
  return lexed;
}

function reportEmpty(report: Report): void {
  report.error('empty-script', undefined, 'the script is empty', {
    hint: 'a script has at least one probe, such as: begin { printf("hello\\n"); }',
  });
}

function emptyScript(source: SourceText): Script {
  const span = { start: 0, end: source.text.length };
  return { kind: 'script', preamble: [], config: undefined, imports: [], items: [], span };
}
