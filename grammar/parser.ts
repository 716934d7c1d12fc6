/**
 * The grammar as a Chevrotain CstParser: rules only, meaning is in build-ast.ts. One token of lookahead decides
 * everywhere except for casts, records and types, which look further by hand (`GATE`). Binary operators are a flat list
 * and so are prefixes, postfixes, `?:` and `else if` chains, which keeps the parser's own recursion to real brackets.
 *
 * Lookahead by hand and recovery are in parser-base.ts. Above 400 lines because a grammar is one class.
 */
import { type CstNode, EOF, type IToken } from 'chevrotain';
import { type Failure, ParserBase } from './parser-base.ts';
import { skipRootItem, skipStatement } from './recovery.ts';
import * as t from './tokens.ts';

/** CST of a whole script without the statements and root items that have syntax errors. */
export function parseTokens(tokens: IToken[]): { readonly cst: CstNode; readonly failures: readonly Failure[] } {
  parser ??= new ScriptParser({ validate: false });
  parser.input = tokens;
  const cst = parser.script();
  const failures = parser.failures;
  parser.input = [];
  return { cst, failures };
}

let parser: ScriptParser | undefined;

export class ScriptParser extends ParserBase {
  /** `validate` makes Chevrotain check the grammar, which costs start-up time, so only tests do. */
  constructor(options: { readonly validate: boolean }) {
    super(options);
    this.performSelfAnalysis();
  }

  // ---------------------------------------------------------------------------------------------------- root level

  readonly script = this.RULE('script', () => {
    this.MANY(() => this.attempt(() => this.SUBRULE(this.rootItem), skipRootItem));
    while (this.LA(1).tokenType !== EOF) this.attempt(() => this.SUBRULE(this.rootItem), skipRootItem);
  });

  readonly rootItem = this.RULE('rootItem', () => {
    this.OR([
      { ALT: () => this.SUBRULE(this.cDefinition) },
      { ALT: () => this.SUBRULE(this.config) },
      { ALT: () => this.SUBRULE(this.rootImport) },
      { ALT: () => this.SUBRULE(this.macro) },
      { ALT: () => this.SUBRULE(this.fn) },
      { ALT: () => this.SUBRULE(this.rootLet) },
      { ALT: () => this.SUBRULE(this.probe) },
    ]);
  });

  readonly cDefinition = this.RULE('cDefinition', () => {
    this.OR([{ ALT: () => this.CONSUME(t.CLine) }, { ALT: () => this.CONSUME(t.CDefinition) }]);
  });

  readonly config = this.RULE('config', () => {
    this.CONSUME(t.ConfigWord);
    this.CONSUME(t.Assign);
    this.CONSUME(t.LCurly);
    this.OPTION(() => {
      this.SUBRULE(this.configEntry);
      this.MANY({
        GATE: () => this.LA(2).tokenType !== t.RCurly,
        DEF: () => {
          this.CONSUME(t.Semicolon);
          this.SUBRULE2(this.configEntry);
        },
      });
      this.OPTION2(() => this.CONSUME2(t.Semicolon));
    });
    this.CONSUME(t.RCurly);
  });

  readonly configEntry = this.RULE('configEntry', () => {
    this.CONSUME(t.Word);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.configValue);
  });

  readonly configValue = this.RULE('configValue', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(t.Integer) },
      { ALT: () => this.CONSUME(t.Word) },
    ]);
  });

  readonly rootImport = this.RULE('rootImport', () => {
    this.CONSUME(t.RootImport);
    this.CONSUME(t.StringToken);
    this.CONSUME(t.Semicolon);
  });

  /** Any `let` at root level; build-ast.ts refuses what is no map declaration, with a message of its own. */
  readonly rootLet = this.RULE('rootLet', () => {
    this.CONSUME(t.RootLet);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.MapName);
          this.CONSUME(t.Assign);
          this.CONSUME(t.Word);
          this.CONSUME(t.LParen);
          this.CONSUME(t.Integer);
          this.CONSUME(t.RParen);
          this.OPTION(() => this.CONSUME(t.Semicolon));
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Variable);
          this.OPTION2(() => {
            this.CONSUME(t.Colon);
            this.SUBRULE(this.type);
          });
          this.OPTION3(() => {
            this.CONSUME2(t.Assign);
            this.SUBRULE(this.expression);
          });
          this.OPTION4(() => this.CONSUME2(t.Semicolon));
        },
      },
    ]);
  });

  readonly macro = this.RULE('macro', () => {
    this.CONSUME(t.MacroWord);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.macroParameter) });
    this.CONSUME(t.RParen);
    this.SUBRULE(this.block);
  });

  readonly macroParameter = this.RULE('macroParameter', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Variable) },
      { ALT: () => this.CONSUME(t.MapName) },
      { ALT: () => this.CONSUME(t.Identifier) },
    ]);
  });

  readonly fn = this.RULE('fn', () => {
    this.CONSUME(t.FnWord);
    this.CONSUME(t.Identifier);
    this.CONSUME(t.LParen);
    this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.fnParameter) });
    this.CONSUME(t.RParen);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
    this.SUBRULE(this.block);
  });

  readonly fnParameter = this.RULE('fnParameter', () => {
    this.CONSUME(t.Variable);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.type);
  });

  readonly probe = this.RULE('probe', () => {
    this.CONSUME(t.AttachPoint);
    this.MANY({
      GATE: () => this.LA(2).tokenType === t.AttachPoint,
      DEF: () => {
        this.CONSUME(t.Comma);
        this.CONSUME2(t.AttachPoint);
      },
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
    this.OPTION2(() => this.SUBRULE(this.predicate));
    this.SUBRULE(this.action);
  });

  readonly predicate = this.RULE('predicate', () => {
    this.CONSUME(t.PredicateOpen);
    this.SUBRULE(this.expression);
    this.CONSUME(t.PredicateClose);
  });

  readonly action = this.RULE('action', () => {
    this.OR([{ ALT: () => this.SUBRULE(this.block) }, { ALT: () => this.SUBRULE(this.angleAction) }]);
  });

  readonly angleAction = this.RULE('angleAction', () => {
    this.CONSUME(t.AngleOpen);
    this.SUBRULE(this.statements);
    this.CONSUME(t.AngleClose);
  });

  // ---------------------------------------------------------------------------------------------------- statements

  readonly block = this.RULE('block', () => {
    this.CONSUME(t.LCurly);
    this.SUBRULE(this.statements);
    this.CONSUME(t.RCurly);
  });

  readonly statements = this.RULE('statements', () => {
    this.MANY(() => this.attempt(() => this.SUBRULE(this.statement), skipStatement));
    // Something that begins no statement: the rule itself says so, then the next one is tried.
    while (!this.atBlockEnd()) this.attempt(() => this.SUBRULE(this.statement), skipStatement);
  });

  readonly statement = this.RULE('statement', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.letStatement) },
        { GATE: () => this.LA(2).tokenType !== t.LParen, ALT: () => this.SUBRULE(this.importStatement) },
        { ALT: () => this.SUBRULE(this.forStatement) },
        { ALT: () => this.SUBRULE(this.whileStatement) },
        { ALT: () => this.SUBRULE(this.unrollStatement) },
        { ALT: () => this.SUBRULE(this.returnStatement) },
        { ALT: () => this.SUBRULE(this.jumpStatement) },
        { GATE: () => this.LA(2).tokenType === t.Assign, ALT: () => this.SUBRULE(this.discardStatement) },
        { ALT: () => this.SUBRULE(this.ifStatement) },
        { ALT: () => this.SUBRULE(this.blockStatement) },
        { ALT: () => this.SUBRULE(this.simpleStatement) },
      ],
      IGNORE_AMBIGUITIES: true, // words of statements are names elsewhere; the first alternative is meant
    });
  });

  /** `;`, which may be missing before the `}` of a block. */
  readonly statementEnd = this.RULE('statementEnd', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Semicolon) },
      { GATE: () => this.LA(1).tokenType === t.RCurly, ALT: () => {} },
    ]);
  });

  readonly letStatement = this.RULE('letStatement', () => {
    this.CONSUME(t.Let);
    this.CONSUME(t.Variable);
    this.OPTION(() => {
      this.CONSUME(t.Colon);
      this.SUBRULE(this.type);
    });
    this.OPTION2(() => {
      this.CONSUME(t.Assign);
      this.SUBRULE(this.expression);
    });
    this.SUBRULE(this.statementEnd);
  });

  readonly importStatement = this.RULE('importStatement', () => {
    this.CONSUME(t.Import);
    this.CONSUME(t.StringToken);
    this.SUBRULE(this.statementEnd);
  });

  readonly forStatement = this.RULE('forStatement', () => {
    this.CONSUME(t.For);
    this.OR([
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.SUBRULE(this.forHeader);
          this.CONSUME(t.RParen);
        },
      },
      { ALT: () => this.SUBRULE2(this.forHeader) },
    ]);
    this.SUBRULE(this.block);
    this.OPTION(() => this.CONSUME(t.Semicolon));
  });

  readonly forHeader = this.RULE('forHeader', () => {
    this.CONSUME(t.Variable);
    this.CONSUME(t.Colon);
    this.SUBRULE(this.term);
    this.OPTION(() => {
      this.CONSUME(t.DotDot);
      this.SUBRULE2(this.term);
    });
  });

  readonly whileStatement = this.RULE('whileStatement', () => {
    this.CONSUME(t.While);
    this.SUBRULE(this.condition);
    this.SUBRULE(this.block);
    this.OPTION(() => this.CONSUME(t.Semicolon));
  });

  readonly unrollStatement = this.RULE('unrollStatement', () => {
    this.CONSUME(t.Unroll);
    this.SUBRULE(this.condition);
    this.SUBRULE(this.block);
    this.OPTION(() => this.CONSUME(t.Semicolon));
  });

  readonly returnStatement = this.RULE('returnStatement', () => {
    this.CONSUME(t.Return);
    this.OPTION(() => this.SUBRULE(this.expression));
    this.SUBRULE(this.statementEnd);
  });

  readonly jumpStatement = this.RULE('jumpStatement', () => {
    this.OR([{ ALT: () => this.CONSUME(t.Break) }, { ALT: () => this.CONSUME(t.Continue) }]);
    this.SUBRULE(this.statementEnd);
  });

  readonly discardStatement = this.RULE('discardStatement', () => {
    this.CONSUME(t.Underscore);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
    this.SUBRULE(this.statementEnd);
  });

  readonly ifStatement = this.RULE('ifStatement', () => {
    this.SUBRULE(this.ifExpression);
    this.OPTION(() => this.CONSUME(t.Semicolon));
  });

  readonly blockStatement = this.RULE('blockStatement', () => {
    this.SUBRULE(this.block);
    this.OPTION(() => this.CONSUME(t.Semicolon));
  });

  readonly simpleStatement = this.RULE('simpleStatement', () => {
    this.SUBRULE(this.expression);
    this.OPTION(() => {
      this.CONSUME(t.AssignmentOperator);
      this.SUBRULE2(this.expression);
    });
    this.SUBRULE(this.statementEnd);
  });

  // --------------------------------------------------------------------------------------------------- expressions

  /** `a ? b : c ? d : e` is one node: the conditions and last value are `operand`, the others `branch`. */
  readonly expression = this.RULE('expression', () => {
    this.SUBRULE(this.binary);
    this.MANY(() => this.SUBRULE(this.branch));
  });

  readonly branch = this.RULE('branch', () => {
    this.CONSUME(t.Question);
    this.OPTION(() => this.SUBRULE(this.expression));
    this.CONSUME(t.Colon);
    this.SUBRULE(this.binary);
  });

  readonly binary = this.RULE('binary', () => {
    this.SUBRULE(this.term);
    this.MANY(() => {
      this.CONSUME(t.BinaryOperator);
      this.SUBRULE2(this.term);
    });
  });

  /** A condition is one term: `(a > b)` in parentheses, or `$x`, `!$done` without. */
  readonly condition = this.RULE('condition', () => {
    this.SUBRULE(this.term);
  });

  readonly term = this.RULE('term', () => {
    this.MANY({
      GATE: () => this.LA(1).tokenType !== t.LParen || this.startsCast(),
      DEF: () => this.SUBRULE(this.prefix),
    });
    this.SUBRULE(this.primary);
    this.MANY2(() => this.SUBRULE(this.postfix));
  });

  readonly prefix = this.RULE('prefix', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.PrefixOperator) },
      { ALT: () => this.CONSUME(t.Comptime) },
      {
        ALT: () => {
          this.CONSUME(t.LParen);
          this.SUBRULE(this.type);
          this.CONSUME(t.RParen);
        },
      },
    ]);
  });

  readonly postfix = this.RULE('postfix', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Increment) },
      { ALT: () => this.CONSUME(t.Decrement) },
      {
        ALT: () => {
          this.CONSUME(t.LSquare);
          this.SUBRULE(this.expression);
          this.CONSUME(t.RSquare);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Dot);
          this.SUBRULE(this.member);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Arrow);
          this.CONSUME(t.Word);
        },
      },
    ]);
  });

  readonly member = this.RULE('member', () => {
    this.OR([{ ALT: () => this.CONSUME(t.Word) }, { ALT: () => this.CONSUME(t.Integer) }]);
  });

  readonly primary = this.RULE('primary', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Integer) },
      { ALT: () => this.CONSUME(t.StringToken) },
      { ALT: () => this.CONSUME(t.True) },
      { ALT: () => this.CONSUME(t.False) },
      { ALT: () => this.CONSUME(t.Variable) },
      { ALT: () => this.CONSUME(t.Positional) },
      { ALT: () => this.CONSUME(t.PositionalCount) },
      { ALT: () => this.SUBRULE(this.mapAccess) },
      { ALT: () => this.SUBRULE(this.nameOrCall) },
      { ALT: () => this.SUBRULE(this.parenthesised) },
      { ALT: () => this.SUBRULE(this.block) },
      { ALT: () => this.SUBRULE(this.ifExpression) },
      { ALT: () => this.SUBRULE(this.typeQuery) },
      { ALT: () => this.SUBRULE(this.typeofOperand) },
    ]);
  });

  readonly mapAccess = this.RULE('mapAccess', () => {
    this.CONSUME(t.MapName);
    this.OPTION(() => {
      this.CONSUME(t.LSquare);
      this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
      this.CONSUME(t.RSquare);
    });
  });

  readonly nameOrCall = this.RULE('nameOrCall', () => {
    this.CONSUME(t.Identifier);
    this.OPTION(() => {
      this.CONSUME(t.LParen);
      this.MANY_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.expression) });
      this.CONSUME(t.RParen);
    });
  });

  /** Grouping, tuple or record. */
  readonly parenthesised = this.RULE('parenthesised', () => {
    this.CONSUME(t.LParen);
    this.OPTION(() => {
      this.OR({
        DEF: [
          {
            GATE: () => this.LA(2).tokenType === t.Assign,
            ALT: () => this.AT_LEAST_ONE_SEP({ SEP: t.Comma, DEF: () => this.SUBRULE(this.recordField) }),
          },
          { ALT: () => this.SUBRULE(this.items) },
        ],
        IGNORE_AMBIGUITIES: true,
      });
    });
    this.CONSUME(t.RParen);
  });

  readonly recordField = this.RULE('recordField', () => {
    this.CONSUME(t.Word);
    this.CONSUME(t.Assign);
    this.SUBRULE(this.expression);
  });

  readonly items = this.RULE('items', () => {
    this.SUBRULE(this.expression);
    this.MANY({
      GATE: () => this.LA(2).tokenType !== t.RParen,
      DEF: () => {
        this.CONSUME(t.Comma);
        this.SUBRULE2(this.expression);
      },
    });
    this.OPTION(() => this.CONSUME2(t.Comma));
  });

  readonly ifExpression = this.RULE('ifExpression', () => {
    this.CONSUME(t.If);
    this.SUBRULE(this.condition);
    this.SUBRULE(this.block);
    this.MANY({ GATE: () => this.LA(2).tokenType === t.If, DEF: () => this.SUBRULE(this.elseIf) });
    this.OPTION(() => {
      this.CONSUME(t.Else);
      this.SUBRULE2(this.block);
    });
  });

  readonly elseIf = this.RULE('elseIf', () => {
    this.CONSUME(t.Else);
    this.CONSUME(t.If);
    this.SUBRULE(this.condition);
    this.SUBRULE(this.block);
  });

  // --------------------------------------------------------------------------------------------------------- types

  readonly typeQuery = this.RULE('typeQuery', () => {
    this.OR([
      {
        ALT: () => {
          this.OR2([{ ALT: () => this.CONSUME(t.Sizeof) }, { ALT: () => this.CONSUME(t.Typeinfo) }]);
          this.CONSUME(t.LParen);
          this.SUBRULE(this.typeOrExpression);
          this.CONSUME(t.RParen);
        },
      },
      {
        ALT: () => {
          this.CONSUME(t.Offsetof);
          this.CONSUME2(t.LParen);
          this.SUBRULE2(this.typeOrExpression);
          this.CONSUME(t.Comma);
          this.SUBRULE(this.fieldPath);
          this.CONSUME2(t.RParen);
        },
      },
    ]);
  });

  readonly fieldPath = this.RULE('fieldPath', () => {
    this.AT_LEAST_ONE_SEP({ SEP: t.Dot, DEF: () => this.CONSUME(t.Word) });
  });

  readonly typeofOperand = this.RULE('typeofOperand', () => {
    this.CONSUME(t.Typeof);
    this.CONSUME(t.LParen);
    this.SUBRULE(this.typeOrExpression);
    this.CONSUME(t.RParen);
  });

  readonly typeOrExpression = this.RULE('typeOrExpression', () => {
    this.OR({
      DEF: [
        { GATE: () => this.startsType(), ALT: () => this.SUBRULE(this.type) },
        { ALT: () => this.SUBRULE(this.expression) },
      ],
      IGNORE_AMBIGUITIES: true,
    });
  });

  readonly type = this.RULE('type', () => {
    this.OR({
      DEF: [
        { ALT: () => this.SUBRULE(this.typeofOperand) },
        {
          ALT: () => {
            this.SUBRULE(this.tagWord);
            this.CONSUME(t.Word);
          },
        },
        { ALT: () => this.CONSUME(t.Identifier) },
      ],
      IGNORE_AMBIGUITIES: true, // `struct` is also a name
    });
    this.MANY(() => this.SUBRULE(this.typeSuffix));
  });

  readonly tagWord = this.RULE('tagWord', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Struct) },
      { ALT: () => this.CONSUME(t.Union) },
      { ALT: () => this.CONSUME(t.Enum) },
    ]);
  });

  readonly typeSuffix = this.RULE('typeSuffix', () => {
    this.OR([
      { ALT: () => this.CONSUME(t.Star) },
      {
        ALT: () => {
          this.CONSUME(t.LSquare);
          this.OPTION(() => this.CONSUME(t.Integer));
          this.CONSUME(t.RSquare);
        },
      },
    ]);
  });
}
