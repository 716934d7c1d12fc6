/** What is said about the C of a script, at its place. The form is that of test/support/annotate.ts; clang is the embedded one. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { BuildEnv } from '../../src/build.ts';
import { annotateWithClang } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();
const folder = mkdtempSync(join(tmpdir(), 'ebtrace-test-c-messages-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function check(text: string, env: Partial<BuildEnv> = {}): Promise<void> {
  const whole: BuildEnv = { world, environment: {}, positionals: [], unsafe: false, ...env };
  expect(await annotateWithClang(text, whole)).toBe(text);
}

test('a script with correct C gets no message', async () => {
  await check(String.raw`
  #define LIMIT 4
  struct pair { u32 first; struct list_head list; }
  enum { ONE = 1, TWO }
  begin { print(sizeof(struct pair)); }
`);
});

test('names that C does not know, several at once', async () => {
  await check(String.raw`
  struct pair { nosuch first; int fine; struct missing second; u32 known; }
//              ^^^^^^ error[c-definition]: in the C code: unknown type name 'nosuch'
//              | hint: include the header that defines nosuch, or define it here
//                                                     ^^^^^^ error[c-definition]: in the C code: field has incomplete type 'struct missing'
//                                                     | forward declaration of 'struct missing': missing
//                                                     | hint: include the header that defines missing, or define it here
  enum { A = UNKNOWN }
//           ^^^^^^^ error[c-definition]: in the C code: use of undeclared identifier 'UNKNOWN'
//           | hint: include the header that defines UNKNOWN, or define it here
  begin { print(1); }
`);
});

test('definitions that exclude each other, and C that is none', async () => {
  await check(String.raw`
  struct pair { int a; };
  struct pair { int b; };
//       ^^^^ error[c-definition]: in the C code: redefinition of 'pair'
//       | previous definition is here: pair
  struct bits { int wide : 40; };
//                  ^^^^ error[c-definition]: in the C code: width of bit-field 'wide' (40 bits) exceeds the width of its type (32 bits)
  #if ONE > (
//          ^ error[c-definition]: in the C code: expected value in expression
  #endif
  begin { print(1); }
`);
});

test('headers that are missing or wrong, at the line that includes them', async () => {
  writeFileSync(join(folder, 'wrong.h'), '\nstruct wrong { nosuch a; };\nstruct another { nosuch b; };\n');
  writeFileSync(join(folder, 'outer.h'), '#include "wrong.h"\n');
  await check(
    String.raw`
  #include "outer.h"
//^^^^^^^^^^^^^^^^^^ error[c-definition]: in the C code of FOLDER/wrong.h, line 2: unknown type name 'nosuch'
//| hint: include the header that defines nosuch, or define it here
  begin { print(1); }
`.replaceAll('FOLDER', folder),
    { scriptFolder: folder },
  );
  const missing = await annotateWithClang('  #include <nosuch.h>\n  begin { print(1); }\n', {
    world,
    environment: {},
    positionals: [],
    unsafe: false,
    includeFolders: [folder],
  });
  expect(missing).toContain("//         ^^^^^^^^^^ error[header-not-found]: there is no header 'nosuch.h'\n");
  expect(missing).toMatch(
    new RegExp(`\\| hint: -I DIR names another folder to look in; looked in .*${folder}, .*/usr/include`),
  );
});

test('kernel types that the script has of its own', async () => {
  await check(String.raw`
  struct /* ours */ task_struct { int own; }
//                  ^^^^^^^^^^^ warning[kernel-type-redefined]: the kernel has another struct task_struct; this one is used
//                  | hint: leave the definition out to use that of the kernel, or choose another name
  struct list_head { struct list_head *next, *prev; }
  begin { print(sizeof(struct task_struct)); }
`);
});
