/**
 * CST -> AST for root items; build-statement.ts and build-expression.ts do what is inside. The CST only holds what parsed
 * well, so the work here is order and literals. The functions are typed by cst.generated.ts: a rule that changes its
 * shape makes them fail to compile.
 */
import type { CstNode } from 'chevrotain';
import type * as ast from './ast.ts';
import { type BuildContext, firstOf, integerValue, spanOf, stringValue } from './build-context.ts';
import { buildType, expression } from './build-expression.ts';
import { bodyBlock, statementList, valueBlock } from './build-statement.ts';
import { isBuiltinWord } from './builtin-words.ts';
import type * as cst from './cst.generated.ts';
import type { Report } from './diagnostic.ts';
import { joinSpans, type Span } from './source.ts';

/** The script of a CST from `parseTokens`; reports bad literals and items in the wrong order. */
export function buildScript(node: CstNode, report: Report): ast.Script {
  const build: BuildContext = { report, depth: 0, tooDeepReported: false };
  const preamble: ast.CDefinition[] = [];
  const imports: ast.Import[] = [];
  const items: ast.RootItem[] = [];
  let config: ast.ConfigBlock | undefined;
  // Chevrotain types a CST loosely at its root; below, the generated types hold.
  const root = node as cst.ScriptCstNode;
  for (const { children } of root.children.rootItem ?? []) {
    if (children.cDefinition !== undefined) {
      const definition = cDefinition(firstOf(children.cDefinition).children);
      const isReported = definition.text.startsWith('#!'); // by lexical-errors.ts
      if (items.length > 0 && !isReported)
        reportLate('c-definition-too-late', 'C definitions stand', definition.span, report);
      preamble.push(definition);
    } else if (children.config !== undefined) {
      const block = configBlock(build, firstOf(children.config).children);
      if (items.length > 0) reportLate('config-too-late', 'the config block stands', block.span, report);
      if (config !== undefined) reportSecondConfig(config.span, block.span, report);
      config ??= block;
    } else if (children.rootImport !== undefined) {
      const entry = rootImport(build, firstOf(children.rootImport).children);
      if (items.length > 0) reportLate('import-too-late', 'imports stand', entry.span, report);
      imports.push(entry);
    } else {
      const item = rootItem(build, children);
      if (item !== undefined) items.push(item);
    }
  }
  return { kind: 'script', preamble, config, imports, items, span: { start: 0, end: report.source.text.length } };
}

function reportLate(code: string, subject: string, span: Span, report: Report): void {
  report.error(code, span, `${subject} before the first probe, macro, function and map declaration`, {
    hint: 'move this to the top of the script',
  });
}

function reportSecondConfig(first: Span, second: Span, report: Report): void {
  report.error('duplicate-config', { start: second.start, end: second.start + 6 }, 'a script has one config block', {
    related: [{ message: 'the first one', span: { start: first.start, end: first.start + 6 } }],
  });
}

function cDefinition(children: cst.CDefinitionCstChildren): ast.CDefinition {
  const token = firstOf(children.CLine ?? children.CDefinition);
  return { kind: 'c-definition', text: token.image.replace(/\r$/, ''), span: spanOf(token) };
}

function configBlock(build: BuildContext, children: cst.ConfigCstChildren): ast.ConfigBlock {
  const entries = (children.configEntry ?? []).flatMap((entry) => configEntry(build, entry.children) ?? []);
  const span = joinSpans(spanOf(firstOf(children.ConfigWord)), spanOf(firstOf(children.RCurly)));
  return { kind: 'config', entries, span };
}

function configEntry(build: BuildContext, children: cst.ConfigEntryCstChildren): ast.ConfigEntry | undefined {
  const name = firstOf(children.Word);
  const { StringToken, Integer, Word } = firstOf(children.configValue).children;
  const token = firstOf(StringToken ?? Integer ?? Word);
  let value: string | bigint | boolean | undefined = token.image;
  if (StringToken !== undefined) value = stringValue(build, token);
  else if (Integer !== undefined) value = integerValue(build, token);
  else if (token.image === 'true' || token.image === 'false') value = token.image === 'true';
  if (value === undefined) return undefined;
  const [nameSpan, valueSpan] = [spanOf(name), spanOf(token)];
  return { kind: 'config-entry', name: name.image, nameSpan, value, valueSpan, span: joinSpans(nameSpan, valueSpan) };
}

function rootImport(build: BuildContext, children: cst.RootImportCstChildren): ast.Import {
  const path = stringValue(build, firstOf(children.StringToken));
  const span = joinSpans(spanOf(firstOf(children.RootImport)), spanOf(firstOf(children.Semicolon)));
  return { kind: 'import', path, span };
}

function rootItem(build: BuildContext, children: cst.RootItemCstChildren): ast.RootItem | undefined {
  if (children.macro !== undefined) return macro(build, firstOf(children.macro).children);
  if (children.fn !== undefined) return functionDefinition(build, firstOf(children.fn).children);
  if (children.rootLet !== undefined) return mapDeclaration(build, firstOf(children.rootLet).children);
  return probe(build, firstOf(children.probe).children);
}

function mapDeclaration(build: BuildContext, children: cst.RootLetCstChildren): ast.MapDeclaration | undefined {
  const start = spanOf(firstOf(children.RootLet));
  if (children.MapName === undefined) {
    const span = joinSpans(start, spanOf(firstOf(children.Variable)));
    build.report.error('root-let-without-map', span, "outside of probes 'let' declares maps only", {
      hint: 'such as: let @a = hash(100); a variable is declared inside the probe that uses it',
    });
    return undefined;
  }
  const name = firstOf(children.MapName);
  const type = firstOf(children.Word);
  return {
    kind: 'map-declaration',
    name: name.image,
    nameSpan: spanOf(name),
    type: type.image,
    typeSpan: spanOf(type),
    maxEntries: integerValue(build, firstOf(children.Integer)) ?? 1n,
    span: joinSpans(start, spanOf(firstOf(children.RParen))),
  };
}

function macro(build: BuildContext, children: cst.MacroCstChildren): ast.Macro {
  const name = firstOf(children.Identifier);
  const body = valueBlock(build, firstOf(children.block));
  return {
    kind: 'macro',
    name: name.image,
    nameSpan: spanOf(name),
    parameters: (children.macroParameter ?? []).map((parameter) => macroParameter(build, parameter.children)),
    body,
    span: joinSpans(spanOf(firstOf(children.MacroWord)), body.span),
  };
}

function macroParameter(build: BuildContext, children: cst.MacroParameterCstChildren): ast.MacroParameter {
  const token = firstOf(children.Variable ?? children.MapName ?? children.Identifier);
  const span = spanOf(token);
  if (isBuiltinWord(token.image)) {
    build.report.error('builtin-as-parameter', span, `'${token.image}' is a builtin and cannot be a parameter name`);
  }
  let by: ast.MacroParameter['by'] = 'expression';
  if (children.Variable !== undefined) by = 'variable';
  else if (children.MapName !== undefined) by = 'map';
  return { kind: 'macro-parameter', by, name: token.image, span };
}

function functionDefinition(build: BuildContext, children: cst.FnCstChildren): ast.FunctionDefinition {
  const name = firstOf(children.Identifier);
  const body = bodyBlock(build, firstOf(children.block));
  const parameters = (children.fnParameter ?? []).map((parameter) => {
    const variable = firstOf(parameter.children.Variable);
    const type = buildType(build, firstOf(parameter.children.type));
    return { name: variable.image.slice(1), type, span: joinSpans(spanOf(variable), type.span) };
  });
  return {
    kind: 'function',
    name: name.image,
    nameSpan: spanOf(name),
    parameters,
    returnType: buildType(build, firstOf(children.type)),
    body,
    span: joinSpans(spanOf(firstOf(children.FnWord)), body.span),
  };
}

function probe(build: BuildContext, children: cst.ProbeCstChildren): ast.Probe {
  const attachPoints = children.AttachPoint.map((token): ast.AttachPoint => {
    return { kind: 'attach-point', text: token.image, span: spanOf(token) };
  });
  const predicate = children.predicate?.[0];
  const body = action(build, firstOf(children.action).children);
  return {
    kind: 'probe',
    attachPoints,
    predicate: predicate === undefined ? undefined : expression(build, firstOf(predicate.children.expression)),
    body,
    span: joinSpans(firstOf(attachPoints).span, body.span),
  };
}

function action(build: BuildContext, children: cst.ActionCstChildren): ast.Block {
  if (children.block !== undefined) return bodyBlock(build, firstOf(children.block));
  const angle = firstOf(children.angleAction).children;
  const span = joinSpans(spanOf(firstOf(angle.AngleOpen)), spanOf(firstOf(angle.AngleClose)));
  return statementList(build, firstOf(angle.statements), 'body', span);
}
