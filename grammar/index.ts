/**
 * Text -> AST, the front door of the grammar. Reports what is wrong and returns what could be read, so that several
 * errors come out of one run and an editor has a tree for the rest.
 */
import type { Script } from './ast.ts';
import { buildScript } from './build-ast.ts';
import type { Report } from './diagnostic.ts';
import { reportLexicalErrors, reportNotText } from './lexical-errors.ts';
import { firstTooDeep, reportTooDeep } from './nesting.ts';
import { parseTokens } from './parser.ts';
import { maxFailures } from './parser-base.ts';
import type { SourceText } from './source.ts';
import { reportSyntaxErrors, reportTooManyErrors } from './syntax-errors.ts';
import { tokenize } from './tokens.ts';

/** Never throws for any text. After errors the script lacks the statements and root items that could not be read. */
export function parse(source: SourceText, report: Report): Script {
  if (reportNotText(report)) return emptyScript(source);
  const lexed = tokenize(source.text);
  const lexical = reportLexicalErrors(lexed, report);
  if (lexed.tokens.length === 0) {
    if (!report.hasErrors) reportEmpty(report);
    return emptyScript(source);
  }
  const tooDeep = firstTooDeep(lexed.tokens);
  if (tooDeep !== undefined) {
    const start = tooDeep.startOffset;
    reportTooDeep({ start, end: start + tooDeep.image.length }, report);
    return emptyScript(source);
  }
  const { cst, failures } = parseTokens(lexed.tokens);
  reportSyntaxErrors(failures, lexed.tokens, lexical, report);
  if (failures.length >= maxFailures) reportTooManyErrors(report);
  return buildScript(cst, report);
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
