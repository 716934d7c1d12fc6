/** The sections in order, and every script of theirs, for the fuzzer. */
import { lexing } from './section-01-lexing.ts';
import { structure } from './section-02-structure.ts';
import { types } from './section-03-types.ts';
import { conversions } from './section-04-conversions.ts';
import { expressions } from './section-05-expressions.ts';
import { statements } from './section-06-statements.ts';
import { variables } from './section-07-variables.ts';
import { maps } from './section-08-maps.ts';
import { parameters } from './section-09-parameters.ts';
import { macros } from './section-10-macros.ts';
import { config } from './section-11-config.ts';
import { commandLine } from './section-12-command-line.ts';
import { diagnostics } from './section-13-diagnostics.ts';
import { textOutput } from './section-14-text-output.ts';
import { json } from './section-15-json.ts';
import { seeds } from './section-16-seeds.ts';
import { groupScript, type Section } from './table.ts';

export const sections: readonly Section[] = [
  ...[lexing, structure, types, conversions, expressions, statements, variables, maps, parameters, macros, config],
  ...[commandLine, diagnostics, textOutput, json, seeds],
];

/** One byte per character, as script text is. */
export function specPrograms(): readonly string[] {
  const texts = sections.flatMap(({ values, runs }) => [
    ...values.map(groupScript),
    ...runs.map(({ script }) => script),
  ]);
  return texts.map((text) => Buffer.from(text, 'utf8').toString('latin1'));
}
