/** Program.structs: what the runtime needs to decode the structs of a script, and no more. */
import { expect, test } from 'vitest';
import { SourceText } from '../../grammar/source.ts';
import { compile } from '../../src/build.ts';
import type { StructPlan } from '../../src/program/program.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

function structs(text: string): readonly StructPlan[] {
  const env = { world: fixtureWorld(), environment: {}, positionals: [], unsafe: false };
  const result = compile(SourceText.fromUnicode('stdin', text), env);
  expect(result.diagnostics).toEqual([]);
  return result.ok ? result.value.structs : [];
}

function names(text: string): readonly string[] {
  return structs(text).map((plan) => plan.name);
}

test('structs of events, map values and map keys, with those inside of them', () => {
  expect(names('begin { print(curtask->fs->pwd); }')).toEqual(['path']);
  expect(names('begin { @ = *curtask->fs; }')).toEqual(['fs_struct', 'path']);
  expect(names('begin { @[curtask->fs->pwd, 1] = 1; }')).toEqual(['path']);
  expect(names('begin { print((1, (p=*curtask->fs))); }')).toEqual(['fs_struct', 'path']);
  expect(names('begin { printf("%s %s\\n", curtask->tasks, curtask->fs->root); }')).toEqual(['list_head', 'path']);
});

test('not those that only pointers lead to, and not those that stay in the kernel', () => {
  expect(names('begin { print(curtask); $fs = *curtask->fs; print($fs.users); }')).toEqual([]);
});

test('members have all that decoding needs, and are plain data', () => {
  const [plan] = structs('begin { print(*((struct packed_bits *)curtask)); }');
  expect(plan).toEqual({
    table: 'vmlinux',
    name: 'packed_bits',
    fields: [
      { name: 'first', type: { kind: 'int', bytes: 1, signed: false }, offset: 0 },
      {
        name: 'crossing',
        type: { kind: 'int', bytes: 4, signed: false },
        offset: 0,
        bits: { shift: 8, width: 20 },
      },
      { name: 'rest', type: { kind: 'int', bytes: 4, signed: false }, offset: 1, bits: { shift: 20, width: 12 } },
    ],
  });
  expect(structuredClone(plan)).toEqual(plan);
});
