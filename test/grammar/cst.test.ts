import { readFileSync, writeFileSync } from 'node:fs';
import { generateCstDts } from 'chevrotain';
import { expect, test } from 'vitest';
import { ScriptParser } from '../../grammar/parser.ts';
import { createLexer } from '../../grammar/tokens.ts';

test('Chevrotain finds nothing wrong with the tokens and the grammar', () => {
  // Both throw when their definitions are ambiguous, unreachable or left-recursive.
  createLexer({ validate: true });
  expect(new ScriptParser({ validate: true }).script).toBeTypeOf('function');
});

/** Renewed by: UPDATE_CST=1 npx vitest run test/grammar/cst.test.ts */
test('cst.generated.ts belongs to the grammar in parser.ts', () => {
  const path = new URL('../../grammar/cst.generated.ts', import.meta.url);
  const header =
    '// Made from parser.ts by test/grammar/cst.test.ts; do not edit. Renew: UPDATE_CST=1 npx vitest run test/grammar/cst.test.ts\n';
  const current = header + generateCstDts(new ScriptParser({ validate: false }).getGAstProductions());
  if (process.env.UPDATE_CST === '1') writeFileSync(path, current);
  expect(readFileSync(path, 'utf8')).toBe(current);
});
