// Made from parser.ts by test/grammar/cst.test.ts; do not edit. Renew: UPDATE_CST=1 npx vitest run test/grammar/cst.test.ts
import type { CstNode, ICstVisitor, IToken } from "chevrotain";

export interface ScriptCstNode extends CstNode {
  name: "script";
  children: ScriptCstChildren;
}

export type ScriptCstChildren = {
  rootItem?: RootItemCstNode[];
};

export interface RootItemCstNode extends CstNode {
  name: "rootItem";
  children: RootItemCstChildren;
}

export type RootItemCstChildren = {
  cDefinition?: CDefinitionCstNode[];
  config?: ConfigCstNode[];
  rootImport?: RootImportCstNode[];
  macro?: MacroCstNode[];
  fn?: FnCstNode[];
  rootLet?: RootLetCstNode[];
  probe?: ProbeCstNode[];
};

export interface CDefinitionCstNode extends CstNode {
  name: "cDefinition";
  children: CDefinitionCstChildren;
}

export type CDefinitionCstChildren = {
  CLine?: IToken[];
  CDefinition?: IToken[];
};

export interface ConfigCstNode extends CstNode {
  name: "config";
  children: ConfigCstChildren;
}

export type ConfigCstChildren = {
  ConfigWord: IToken[];
  Assign: IToken[];
  LCurly: IToken[];
  configEntry?: (ConfigEntryCstNode)[];
  Semicolon?: (IToken)[];
  RCurly: IToken[];
};

export interface ConfigEntryCstNode extends CstNode {
  name: "configEntry";
  children: ConfigEntryCstChildren;
}

export type ConfigEntryCstChildren = {
  Word: IToken[];
  Assign: IToken[];
  configValue: ConfigValueCstNode[];
};

export interface ConfigValueCstNode extends CstNode {
  name: "configValue";
  children: ConfigValueCstChildren;
}

export type ConfigValueCstChildren = {
  StringToken?: IToken[];
  Integer?: IToken[];
  Word?: IToken[];
};

export interface RootImportCstNode extends CstNode {
  name: "rootImport";
  children: RootImportCstChildren;
}

export type RootImportCstChildren = {
  RootImport: IToken[];
  StringToken: IToken[];
  Semicolon: IToken[];
};

export interface RootLetCstNode extends CstNode {
  name: "rootLet";
  children: RootLetCstChildren;
}

export type RootLetCstChildren = {
  RootLet: IToken[];
  MapName?: IToken[];
  Assign?: (IToken)[];
  Word?: IToken[];
  LParen?: IToken[];
  Integer?: IToken[];
  RParen?: IToken[];
  Semicolon?: (IToken)[];
  Variable?: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  expression?: ExpressionCstNode[];
};

export interface MacroCstNode extends CstNode {
  name: "macro";
  children: MacroCstChildren;
}

export type MacroCstChildren = {
  MacroWord: IToken[];
  Identifier: IToken[];
  LParen: IToken[];
  macroParameter?: MacroParameterCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
  block: BlockCstNode[];
};

export interface MacroParameterCstNode extends CstNode {
  name: "macroParameter";
  children: MacroParameterCstChildren;
}

export type MacroParameterCstChildren = {
  Variable?: IToken[];
  MapName?: IToken[];
  Identifier?: IToken[];
};

export interface FnCstNode extends CstNode {
  name: "fn";
  children: FnCstChildren;
}

export type FnCstChildren = {
  FnWord: IToken[];
  Identifier: IToken[];
  LParen: IToken[];
  fnParameter?: FnParameterCstNode[];
  Comma?: IToken[];
  RParen: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
  block: BlockCstNode[];
};

export interface FnParameterCstNode extends CstNode {
  name: "fnParameter";
  children: FnParameterCstChildren;
}

export type FnParameterCstChildren = {
  Variable: IToken[];
  Colon: IToken[];
  type: TypeCstNode[];
};

export interface ProbeCstNode extends CstNode {
  name: "probe";
  children: ProbeCstChildren;
}

export type ProbeCstChildren = {
  AttachPoint: (IToken)[];
  Comma?: (IToken)[];
  predicate?: PredicateCstNode[];
  action: ActionCstNode[];
};

export interface PredicateCstNode extends CstNode {
  name: "predicate";
  children: PredicateCstChildren;
}

export type PredicateCstChildren = {
  PredicateOpen: IToken[];
  expression: ExpressionCstNode[];
  PredicateClose: IToken[];
};

export interface ActionCstNode extends CstNode {
  name: "action";
  children: ActionCstChildren;
}

export type ActionCstChildren = {
  block?: BlockCstNode[];
  angleAction?: AngleActionCstNode[];
};

export interface AngleActionCstNode extends CstNode {
  name: "angleAction";
  children: AngleActionCstChildren;
}

export type AngleActionCstChildren = {
  AngleOpen: IToken[];
  statements: StatementsCstNode[];
  AngleClose: IToken[];
};

export interface BlockCstNode extends CstNode {
  name: "block";
  children: BlockCstChildren;
}

export type BlockCstChildren = {
  LCurly: IToken[];
  statements: StatementsCstNode[];
  RCurly: IToken[];
};

export interface StatementsCstNode extends CstNode {
  name: "statements";
  children: StatementsCstChildren;
}

export type StatementsCstChildren = {
  statement?: StatementCstNode[];
};

export interface StatementCstNode extends CstNode {
  name: "statement";
  children: StatementCstChildren;
}

export type StatementCstChildren = {
  letStatement?: LetStatementCstNode[];
  importStatement?: ImportStatementCstNode[];
  forStatement?: ForStatementCstNode[];
  whileStatement?: WhileStatementCstNode[];
  unrollStatement?: UnrollStatementCstNode[];
  returnStatement?: ReturnStatementCstNode[];
  jumpStatement?: JumpStatementCstNode[];
  discardStatement?: DiscardStatementCstNode[];
  ifStatement?: IfStatementCstNode[];
  blockStatement?: BlockStatementCstNode[];
  simpleStatement?: SimpleStatementCstNode[];
};

export interface StatementEndCstNode extends CstNode {
  name: "statementEnd";
  children: StatementEndCstChildren;
}

export type StatementEndCstChildren = {
  Semicolon?: IToken[];
};

export interface LetStatementCstNode extends CstNode {
  name: "letStatement";
  children: LetStatementCstChildren;
}

export type LetStatementCstChildren = {
  Let: IToken[];
  Variable: IToken[];
  Colon?: IToken[];
  type?: TypeCstNode[];
  Assign?: IToken[];
  expression?: ExpressionCstNode[];
  statementEnd: StatementEndCstNode[];
};

export interface ImportStatementCstNode extends CstNode {
  name: "importStatement";
  children: ImportStatementCstChildren;
}

export type ImportStatementCstChildren = {
  Import: IToken[];
  StringToken: IToken[];
  statementEnd: StatementEndCstNode[];
};

export interface ForStatementCstNode extends CstNode {
  name: "forStatement";
  children: ForStatementCstChildren;
}

export type ForStatementCstChildren = {
  For: IToken[];
  LParen?: IToken[];
  forHeader?: (ForHeaderCstNode)[];
  RParen?: IToken[];
  block: BlockCstNode[];
  Semicolon?: IToken[];
};

export interface ForHeaderCstNode extends CstNode {
  name: "forHeader";
  children: ForHeaderCstChildren;
}

export type ForHeaderCstChildren = {
  Variable: IToken[];
  Colon: IToken[];
  term: (TermCstNode)[];
  DotDot?: IToken[];
};

export interface WhileStatementCstNode extends CstNode {
  name: "whileStatement";
  children: WhileStatementCstChildren;
}

export type WhileStatementCstChildren = {
  While: IToken[];
  condition: ConditionCstNode[];
  block: BlockCstNode[];
  Semicolon?: IToken[];
};

export interface UnrollStatementCstNode extends CstNode {
  name: "unrollStatement";
  children: UnrollStatementCstChildren;
}

export type UnrollStatementCstChildren = {
  Unroll: IToken[];
  condition: ConditionCstNode[];
  block: BlockCstNode[];
  Semicolon?: IToken[];
};

export interface ReturnStatementCstNode extends CstNode {
  name: "returnStatement";
  children: ReturnStatementCstChildren;
}

export type ReturnStatementCstChildren = {
  Return: IToken[];
  expression?: ExpressionCstNode[];
  statementEnd: StatementEndCstNode[];
};

export interface JumpStatementCstNode extends CstNode {
  name: "jumpStatement";
  children: JumpStatementCstChildren;
}

export type JumpStatementCstChildren = {
  Break?: IToken[];
  Continue?: IToken[];
  statementEnd: StatementEndCstNode[];
};

export interface DiscardStatementCstNode extends CstNode {
  name: "discardStatement";
  children: DiscardStatementCstChildren;
}

export type DiscardStatementCstChildren = {
  Underscore: IToken[];
  Assign: IToken[];
  expression: ExpressionCstNode[];
  statementEnd: StatementEndCstNode[];
};

export interface IfStatementCstNode extends CstNode {
  name: "ifStatement";
  children: IfStatementCstChildren;
}

export type IfStatementCstChildren = {
  ifExpression: IfExpressionCstNode[];
  Semicolon?: IToken[];
};

export interface BlockStatementCstNode extends CstNode {
  name: "blockStatement";
  children: BlockStatementCstChildren;
}

export type BlockStatementCstChildren = {
  block: BlockCstNode[];
  Semicolon?: IToken[];
};

export interface SimpleStatementCstNode extends CstNode {
  name: "simpleStatement";
  children: SimpleStatementCstChildren;
}

export type SimpleStatementCstChildren = {
  expression: (ExpressionCstNode)[];
  AssignmentOperator?: IToken[];
  statementEnd: StatementEndCstNode[];
};

export interface ExpressionCstNode extends CstNode {
  name: "expression";
  children: ExpressionCstChildren;
}

export type ExpressionCstChildren = {
  binary: BinaryCstNode[];
  branch?: BranchCstNode[];
};

export interface BranchCstNode extends CstNode {
  name: "branch";
  children: BranchCstChildren;
}

export type BranchCstChildren = {
  Question: IToken[];
  expression?: ExpressionCstNode[];
  Colon: IToken[];
  binary: BinaryCstNode[];
};

export interface BinaryCstNode extends CstNode {
  name: "binary";
  children: BinaryCstChildren;
}

export type BinaryCstChildren = {
  term: (TermCstNode)[];
  BinaryOperator?: IToken[];
};

export interface ConditionCstNode extends CstNode {
  name: "condition";
  children: ConditionCstChildren;
}

export type ConditionCstChildren = {
  term: TermCstNode[];
};

export interface TermCstNode extends CstNode {
  name: "term";
  children: TermCstChildren;
}

export type TermCstChildren = {
  prefix?: PrefixCstNode[];
  primary: PrimaryCstNode[];
  postfix?: PostfixCstNode[];
};

export interface PrefixCstNode extends CstNode {
  name: "prefix";
  children: PrefixCstChildren;
}

export type PrefixCstChildren = {
  PrefixOperator?: IToken[];
  Comptime?: IToken[];
  LParen?: IToken[];
  type?: TypeCstNode[];
  RParen?: IToken[];
};

export interface PostfixCstNode extends CstNode {
  name: "postfix";
  children: PostfixCstChildren;
}

export type PostfixCstChildren = {
  Increment?: IToken[];
  Decrement?: IToken[];
  LSquare?: IToken[];
  expression?: ExpressionCstNode[];
  RSquare?: IToken[];
  Dot?: IToken[];
  member?: MemberCstNode[];
  Arrow?: IToken[];
  Word?: IToken[];
};

export interface MemberCstNode extends CstNode {
  name: "member";
  children: MemberCstChildren;
}

export type MemberCstChildren = {
  Word?: IToken[];
  Integer?: IToken[];
};

export interface PrimaryCstNode extends CstNode {
  name: "primary";
  children: PrimaryCstChildren;
}

export type PrimaryCstChildren = {
  Integer?: IToken[];
  StringToken?: IToken[];
  True?: IToken[];
  False?: IToken[];
  Variable?: IToken[];
  Positional?: IToken[];
  PositionalCount?: IToken[];
  mapAccess?: MapAccessCstNode[];
  nameOrCall?: NameOrCallCstNode[];
  parenthesised?: ParenthesisedCstNode[];
  block?: BlockCstNode[];
  ifExpression?: IfExpressionCstNode[];
  typeQuery?: TypeQueryCstNode[];
  typeofOperand?: TypeofOperandCstNode[];
};

export interface MapAccessCstNode extends CstNode {
  name: "mapAccess";
  children: MapAccessCstChildren;
}

export type MapAccessCstChildren = {
  MapName: IToken[];
  LSquare?: IToken[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
  RSquare?: IToken[];
};

export interface NameOrCallCstNode extends CstNode {
  name: "nameOrCall";
  children: NameOrCallCstChildren;
}

export type NameOrCallCstChildren = {
  Identifier: IToken[];
  LParen?: IToken[];
  expression?: ExpressionCstNode[];
  Comma?: IToken[];
  RParen?: IToken[];
};

export interface ParenthesisedCstNode extends CstNode {
  name: "parenthesised";
  children: ParenthesisedCstChildren;
}

export type ParenthesisedCstChildren = {
  LParen: IToken[];
  recordField?: RecordFieldCstNode[];
  Comma?: IToken[];
  items?: ItemsCstNode[];
  RParen: IToken[];
};

export interface RecordFieldCstNode extends CstNode {
  name: "recordField";
  children: RecordFieldCstChildren;
}

export type RecordFieldCstChildren = {
  Word: IToken[];
  Assign: IToken[];
  expression: ExpressionCstNode[];
};

export interface ItemsCstNode extends CstNode {
  name: "items";
  children: ItemsCstChildren;
}

export type ItemsCstChildren = {
  expression: (ExpressionCstNode)[];
  Comma?: (IToken)[];
};

export interface IfExpressionCstNode extends CstNode {
  name: "ifExpression";
  children: IfExpressionCstChildren;
}

export type IfExpressionCstChildren = {
  If: IToken[];
  condition: ConditionCstNode[];
  block: (BlockCstNode)[];
  elseIf?: ElseIfCstNode[];
  Else?: IToken[];
};

export interface ElseIfCstNode extends CstNode {
  name: "elseIf";
  children: ElseIfCstChildren;
}

export type ElseIfCstChildren = {
  Else: IToken[];
  If: IToken[];
  condition: ConditionCstNode[];
  block: BlockCstNode[];
};

export interface TypeQueryCstNode extends CstNode {
  name: "typeQuery";
  children: TypeQueryCstChildren;
}

export type TypeQueryCstChildren = {
  Sizeof?: IToken[];
  Typeinfo?: IToken[];
  LParen?: (IToken)[];
  typeOrExpression?: (TypeOrExpressionCstNode)[];
  RParen?: (IToken)[];
  Offsetof?: IToken[];
  Comma?: IToken[];
  fieldPath?: FieldPathCstNode[];
};

export interface FieldPathCstNode extends CstNode {
  name: "fieldPath";
  children: FieldPathCstChildren;
}

export type FieldPathCstChildren = {
  Word: IToken[];
  Dot?: IToken[];
};

export interface TypeofOperandCstNode extends CstNode {
  name: "typeofOperand";
  children: TypeofOperandCstChildren;
}

export type TypeofOperandCstChildren = {
  Typeof: IToken[];
  LParen: IToken[];
  typeOrExpression: TypeOrExpressionCstNode[];
  RParen: IToken[];
};

export interface TypeOrExpressionCstNode extends CstNode {
  name: "typeOrExpression";
  children: TypeOrExpressionCstChildren;
}

export type TypeOrExpressionCstChildren = {
  type?: TypeCstNode[];
  expression?: ExpressionCstNode[];
};

export interface TypeCstNode extends CstNode {
  name: "type";
  children: TypeCstChildren;
}

export type TypeCstChildren = {
  typeofOperand?: TypeofOperandCstNode[];
  tagWord?: TagWordCstNode[];
  Word?: IToken[];
  Identifier?: IToken[];
  typeSuffix?: TypeSuffixCstNode[];
};

export interface TagWordCstNode extends CstNode {
  name: "tagWord";
  children: TagWordCstChildren;
}

export type TagWordCstChildren = {
  Struct?: IToken[];
  Union?: IToken[];
  Enum?: IToken[];
};

export interface TypeSuffixCstNode extends CstNode {
  name: "typeSuffix";
  children: TypeSuffixCstChildren;
}

export type TypeSuffixCstChildren = {
  Star?: IToken[];
  LSquare?: IToken[];
  Integer?: IToken[];
  RSquare?: IToken[];
};

export interface ICstNodeVisitor<IN, OUT> extends ICstVisitor<IN, OUT> {
  script(children: ScriptCstChildren, param?: IN): OUT;
  rootItem(children: RootItemCstChildren, param?: IN): OUT;
  cDefinition(children: CDefinitionCstChildren, param?: IN): OUT;
  config(children: ConfigCstChildren, param?: IN): OUT;
  configEntry(children: ConfigEntryCstChildren, param?: IN): OUT;
  configValue(children: ConfigValueCstChildren, param?: IN): OUT;
  rootImport(children: RootImportCstChildren, param?: IN): OUT;
  rootLet(children: RootLetCstChildren, param?: IN): OUT;
  macro(children: MacroCstChildren, param?: IN): OUT;
  macroParameter(children: MacroParameterCstChildren, param?: IN): OUT;
  fn(children: FnCstChildren, param?: IN): OUT;
  fnParameter(children: FnParameterCstChildren, param?: IN): OUT;
  probe(children: ProbeCstChildren, param?: IN): OUT;
  predicate(children: PredicateCstChildren, param?: IN): OUT;
  action(children: ActionCstChildren, param?: IN): OUT;
  angleAction(children: AngleActionCstChildren, param?: IN): OUT;
  block(children: BlockCstChildren, param?: IN): OUT;
  statements(children: StatementsCstChildren, param?: IN): OUT;
  statement(children: StatementCstChildren, param?: IN): OUT;
  statementEnd(children: StatementEndCstChildren, param?: IN): OUT;
  letStatement(children: LetStatementCstChildren, param?: IN): OUT;
  importStatement(children: ImportStatementCstChildren, param?: IN): OUT;
  forStatement(children: ForStatementCstChildren, param?: IN): OUT;
  forHeader(children: ForHeaderCstChildren, param?: IN): OUT;
  whileStatement(children: WhileStatementCstChildren, param?: IN): OUT;
  unrollStatement(children: UnrollStatementCstChildren, param?: IN): OUT;
  returnStatement(children: ReturnStatementCstChildren, param?: IN): OUT;
  jumpStatement(children: JumpStatementCstChildren, param?: IN): OUT;
  discardStatement(children: DiscardStatementCstChildren, param?: IN): OUT;
  ifStatement(children: IfStatementCstChildren, param?: IN): OUT;
  blockStatement(children: BlockStatementCstChildren, param?: IN): OUT;
  simpleStatement(children: SimpleStatementCstChildren, param?: IN): OUT;
  expression(children: ExpressionCstChildren, param?: IN): OUT;
  branch(children: BranchCstChildren, param?: IN): OUT;
  binary(children: BinaryCstChildren, param?: IN): OUT;
  condition(children: ConditionCstChildren, param?: IN): OUT;
  term(children: TermCstChildren, param?: IN): OUT;
  prefix(children: PrefixCstChildren, param?: IN): OUT;
  postfix(children: PostfixCstChildren, param?: IN): OUT;
  member(children: MemberCstChildren, param?: IN): OUT;
  primary(children: PrimaryCstChildren, param?: IN): OUT;
  mapAccess(children: MapAccessCstChildren, param?: IN): OUT;
  nameOrCall(children: NameOrCallCstChildren, param?: IN): OUT;
  parenthesised(children: ParenthesisedCstChildren, param?: IN): OUT;
  recordField(children: RecordFieldCstChildren, param?: IN): OUT;
  items(children: ItemsCstChildren, param?: IN): OUT;
  ifExpression(children: IfExpressionCstChildren, param?: IN): OUT;
  elseIf(children: ElseIfCstChildren, param?: IN): OUT;
  typeQuery(children: TypeQueryCstChildren, param?: IN): OUT;
  fieldPath(children: FieldPathCstChildren, param?: IN): OUT;
  typeofOperand(children: TypeofOperandCstChildren, param?: IN): OUT;
  typeOrExpression(children: TypeOrExpressionCstChildren, param?: IN): OUT;
  type(children: TypeCstChildren, param?: IN): OUT;
  tagWord(children: TagWordCstChildren, param?: IN): OUT;
  typeSuffix(children: TypeSuffixCstChildren, param?: IN): OUT;
}
