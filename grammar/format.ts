/**
 * The formatter behind --fmt: text -> text in canonical form, comments kept. It works on the tokens and the CST, not on
 * the AST, so that nothing that was written can be lost: it decides about blanks and line ends, adds the `;` and the
 * parentheses that may be missing, and turns `< ... >` into `{ ... }`. The tree that the result parses to is the same
 * as before but for spans, and formatting it again changes nothing.
 */
import type { IToken } from 'chevrotain';
import { buildScript } from './build-ast.ts';
import { firstOf } from './build-context.ts';
import { type Comment, readTrivia } from './comments.ts';
import type * as cst from './cst.generated.ts';
import type { Report } from './diagnostic.ts';
import { commentText, FormatContext } from './format-context.ts';
import { expression, type } from './format-expression.ts';
import { block, braces, statementLines } from './format-statement.ts';
import { readCst } from './index.ts';
import { blank, type Doc, group, hard, layOut, line, space } from './layout.ts';
import type { SourceText } from './source.ts';

/** Lines are at most so long where there is a place to break them. */
const width = 100;

/** The script in canonical form with a line end behind it; undefined when it has errors, which are reported. */
export function formatScript(source: SourceText, report: Report): string | undefined {
  const read = readCst(source, report);
  if (read === undefined) return undefined;
  buildScript(read.cst, report); // for what only the builder finds wrong
  if (report.hasErrors) return undefined;
  const trivia = readTrivia(source.text, read.tokens);
  const format = new FormatContext(trivia);
  // Chevrotain types a CST loosely at its root; below, the generated types hold.
  const root = read.cst as cst.ScriptCstNode;
  const lines: Doc[] = trivia.shebang === undefined ? [] : [trivia.shebang];
  let isTallBefore = false;
  (root.children.rootItem ?? []).forEach((node, index) => {
    const isTall = isTallItem(node.children);
    const isApart = index > 0 && (isTall || isTallBefore);
    lines.push(format.lineBefore(node, isApart ? 'apart' : undefined), rootItem(format, node.children));
    isTallBefore = isTall;
  });
  return `${layOut([...lines, trivia.atEnd.map(lineOfComment)], width)}\n`;
}

function lineOfComment(comment: Comment): Doc {
  return [comment.blankBefore ? blank : hard, commentText(comment)];
}

/** An empty line sets these apart from their neighbours. */
function isTallItem(children: cst.RootItemCstChildren): boolean {
  const { probe, macro, fn, config } = children;
  return (probe ?? macro ?? fn ?? config) !== undefined;
}

function rootItem(format: FormatContext, children: cst.RootItemCstChildren): Doc {
  if (children.cDefinition !== undefined) {
    const { CLine, CDefinition } = firstOf(children.cDefinition).children;
    const token = firstOf(CLine ?? CDefinition);
    return format.token(token, token.image.replace(/\r$/, ''));
  }
  if (children.config !== undefined) return config(format, firstOf(children.config).children);
  if (children.rootImport !== undefined) {
    const { RootImport, StringToken, Semicolon } = firstOf(children.rootImport).children;
    return [words(format, RootImport, StringToken), format.token(firstOf(Semicolon))];
  }
  if (children.macro !== undefined) return macro(format, firstOf(children.macro).children);
  if (children.fn !== undefined) return fn(format, firstOf(children.fn).children);
  if (children.rootLet !== undefined) return mapDeclaration(format, firstOf(children.rootLet));
  return probe(format, firstOf(children.probe).children);
}

/** Tokens with blanks between them. */
function words(format: FormatContext, ...tokens: readonly (IToken[] | undefined)[]): Doc {
  return tokens.map((list, index) => [index === 0 ? '' : space, format.token(firstOf(list))]);
}

function config(format: FormatContext, children: cst.ConfigCstChildren): Doc {
  const semicolons = children.Semicolon ?? [];
  const entries = (children.configEntry ?? []).map((node, index): Doc => {
    const { Word, Assign, configValue } = node.children;
    const value = firstOf(configValue).children;
    const semicolon = semicolons[index];
    if (semicolon === undefined) format.enclose(node, '', ';');
    const before = format.lineBefore(node);
    const entry = words(format, Word, Assign, value.StringToken ?? value.Integer ?? value.Word);
    return [before, entry, semicolon === undefined ? '' : format.token(semicolon)];
  });
  const body = braces(format, firstOf(children.LCurly), entries, firstOf(children.RCurly));
  return [words(format, children.ConfigWord, children.Assign), space, body];
}

function mapDeclaration(format: FormatContext, node: cst.RootLetCstNode): Doc {
  const { RootLet, MapName, Assign, Word, LParen, Integer, RParen, Semicolon } = node.children;
  const semicolon = Semicolon?.[0];
  if (semicolon === undefined) format.enclose(node, '', ';');
  const size = [firstOf(LParen), firstOf(Integer), firstOf(RParen)].map((token) => format.token(token));
  return [words(format, RootLet, MapName, Assign, Word), size, semicolon === undefined ? '' : format.token(semicolon)];
}

function macro(format: FormatContext, children: cst.MacroCstChildren): Doc {
  const brackets = { open: children.LParen, commas: children.Comma, close: children.RParen };
  const list = format.list(brackets, children.macroParameter, ({ children: it }) => {
    return format.token(firstOf(it.Variable ?? it.MapName ?? it.Identifier));
  });
  const body = block(format, firstOf(children.block).children, 'value');
  return [words(format, children.MacroWord, children.Identifier), list, space, body];
}

function fn(format: FormatContext, children: cst.FnCstChildren): Doc {
  const brackets = { open: children.LParen, commas: children.Comma, close: children.RParen };
  const list = format.list(brackets, children.fnParameter, ({ children: it }): Doc => {
    return [format.token(firstOf(it.Variable)), format.token(firstOf(it.Colon)), space, type(format, firstOf(it.type))];
  });
  return [
    ...[words(format, children.FnWord, children.Identifier), list, format.token(firstOf(children.Colon)), space],
    ...[type(format, firstOf(children.type)), space, block(format, firstOf(children.block).children, 'body')],
  ];
}

/** One attach point a line; the predicate on the line of the last one if it fits. */
function probe(format: FormatContext, children: cst.ProbeCstChildren): Doc {
  const points: Doc[] = [];
  let last: Doc = '';
  children.AttachPoint.forEach((point, index) => {
    const comma = children.Comma?.[index];
    if (index > 0) points.push(last, hard);
    points.push(format.leading(point));
    const isLast = index === children.AttachPoint.length - 1;
    last = [format.bare(point), comma === undefined ? '' : format.token(comma, isLast ? '' : ',')];
  });
  const predicate = children.predicate?.[0];
  const condition = predicate === undefined ? '' : [line, predicateText(format, predicate.children)];
  return [points, group([last, condition, space]), action(format, firstOf(children.action).children)];
}

function predicateText(format: FormatContext, children: cst.PredicateCstChildren): Doc {
  const open = firstOf(children.PredicateOpen);
  const inner = firstOf(children.expression);
  // `/*` and `//` would begin a comment.
  const first = format.firstCharacter(inner);
  const gap = first === '*' || first === '/' ? space : '';
  return [format.token(open), gap, expression(format, inner), format.token(firstOf(children.PredicateClose))];
}

function action(format: FormatContext, { block: body, angleAction }: cst.ActionCstChildren): Doc {
  if (body !== undefined) return block(format, firstOf(body).children, 'body');
  const { AngleOpen, AngleClose, statements } = firstOf(angleAction).children;
  const lines = statementLines(format, firstOf(statements), 'body');
  return braces(format, firstOf(AngleOpen), lines, firstOf(AngleClose));
}
