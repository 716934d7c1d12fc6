/**
 * What clang makes of the generated C on its way to the object, as text: for `-d llvm`, `-d asm` and `--emit-llvm`. The
 * C has been compiled before, so a clang that refuses it here is a bug of ours. Without debug information, which would
 * be most of the text.
 */
import { dirname } from 'node:path';
import type { Report } from '../../grammar/diagnostic.ts';
import { type Clang, compilerHeaders } from './clang.ts';

const forms = {
  'llvm-unoptimised': ['-emit-llvm', '-disable-llvm-passes'],
  llvm: ['-emit-llvm'],
  asm: ['-S'],
} as const;

export type TranslationForm = keyof typeof forms;

/** Undefined when clang cannot be run: then the report has the error. The text is a byte string. */
export function translate(c: string, form: TranslationForm, clang: Clang, report: Report): Promise<string | undefined> {
  return clang.inWorkshop(report, async ({ write, read, frontEnd }) => {
    write('program.c', c);
    const target = ['-triple', 'bpfel', '-target-cpu', 'v3', '-O2'];
    const helpers = ['-I', dirname(compilerHeaders())];
    const args = [...target, ...forms[form], '-Wno-everything', ...helpers, 'program.c', '-o', 'program.text'];
    const { failure, stderr } = await frontEnd('translate', args);
    const text = failure === undefined ? read('program.text') : undefined;
    if (text === undefined) throw new Error(`clang does not translate what it compiles: ${failure}\n${stderr}`);
    return Buffer.from(text).toString('latin1');
  });
}
