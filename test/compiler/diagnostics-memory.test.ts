/** What the compiler says about pointers, structs, arrays and addresses, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import type { BuildEnv } from '../../src/build.ts';
import type { StructType } from '../../src/types/type.ts';
import type { World } from '../../src/world/world.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureWorld } from '../support/fixture-world.ts';

const world = fixtureWorld();

function check(text: string, env: Partial<BuildEnv> = {}): void {
  const annotated = annotate(text, { world, environment: {}, positionals: [], unsafe: false, ...env });
  expect(annotated).toBe(text);
}

/** A machine whose types only mention a struct. */
function withDeclaredStruct(): World {
  const opaque: StructType = { kind: 'struct', table: 'vmlinux', name: 'opaque', size: 0 };
  const types = world.kernelTypes();
  if (types === undefined) throw new Error('the fixture has types');
  return {
    ...world,
    kernelTypes: () => ({
      name: types.name,
      find: (kind, name) => (name === 'opaque' ? opaque : types.find(kind, name)),
      fields: (name) => (name === 'opaque' ? undefined : types.fields(name)),
      declarations: (name) => types.declarations(name),
      offsetOf: (name, path) => types.offsetOf(name, path),
      namesStartingWith: (prefix) => types.namesStartingWith(prefix),
      alignment: (name) => types.alignment(name),
      idOf: (kind, name) => types.idOf(kind, name),
      enumConstant: (name) => types.enumConstant(name),
      fromDeclaration: (text) => types.fromDeclaration(text),
    }),
  };
}

test('what works gets no message', () => {
  check(String.raw`
  begin {
    $t = curtask;
    print($t->fs->pwd.dentry->d_name.name);
    print($t.real_parent.comm);
    print($t->names[1][0]);
    $p = &$t;
    print($p->pid);
    print((*$p)->pid + (**$p).prio);
    @tasks[$t] = *$t;
    print(@tasks[$t].comm == "sh");
    @node = (struct kernel_cgroup_node *)0;
    print(@node->ancestors[100]);
    $q = (int32 *)16;
    $q += 1;
    $q++;
    print($q == 0 || $q > (int32 *)8);
    if ($q) { print(*$q); }
    print(*&@node);
    print(kptr($t)->pid);
  }
`);
});

test('members that are not there', () => {
  check(String.raw`
  begin {
    print(curtask->pidd);
//                 ^^^^ error[struct-field]: struct task_struct has no member 'pidd'
//                 | hint: did you mean pid?
    print(curtask->fs->nothing);
//                     ^^^^^^^ error[struct-field]: struct fs_struct has no member 'nothing'
//                     | hint: it has users, root, pwd
    print(curtask->inner.deep);
//                       ^^^^ error[struct-field]: struct (anonymous) has no member 'deep'
//                       | hint: it has depth, tag
    print(curtask->pid.x);
//        ^^^^^^^^^^^^^^ error[field-of]: int32 has no fields
    print(curtask->start_time.x);
//        ^^^^^^^^^^^^^^^^^^^^^ error[field-of]: uint64 has no fields
//        | hint: cast an address to a pointer to a struct: ((struct task_struct *)$x)->pid
    print(curtask->average);
//                 ^^^^^^^ error[member-type]: the member average of struct task_struct has a type without values here
//                 | hint: numbers with a decimal point and bit-fields of more than 64 bits cannot be read
    print(curtask->counters);
//                 ^^^^^^^^ error[pointer-tag]: the pointer counters of struct task_struct is marked __percpu in the kernel
//                 | hint: its value is no address: each CPU has memory of its own at a distance from it
    print(*curtask->cred);
    print(curtask->names[2]);
//                       ^ error[index-range]: index 2 is outside: there are 2 elements, counted from 0
    $s = curtask->comm;
    $s.x = 1;
//  ^^^^ error[assign-target]: only a $variable or a @map can be assigned
//  | hint: make a new value and assign that
    curtask->pid++;
//  ^^^^^^^^^^^^ error[assign-target]: only a $variable or a @map can be assigned
//  | hint: make a new value and assign that
  }
`);
});

test('pointers that lead nowhere', () => {
  check(
    String.raw`
  begin {
    $v = (void *)16;
    print(*$v);
//        ^^^ error[void-pointer]: nothing is known of what a void pointer points to
//        | hint: cast it to a pointer to a type: *(uint64 *)$pointer
    print($v[0]);
//        ^^ error[void-pointer]: nothing is known of what a void pointer points to
//        | hint: cast it to a pointer to a type: *(uint64 *)$pointer
    print($v->x);
//        ^^^^^ error[field-of]: void * has no fields
    print($v + 1);
    print(*(count_t *)16);
//        ^^^^^^^^^^^^^^ error[pointer-to-aggregate]: values of type count_t exist in maps only, and no pointer leads there
    $o = (struct opaque *)16;
    print($o);
    print($o->x);
//        ^^ error[incomplete-struct]: struct opaque is only declared: its members are not known
//        | hint: include the header that defines it, or define it at the top of the script
    print(*$o);
//        ^^^ error[incomplete-struct]: struct opaque is only declared: its members are not known
//        | hint: include the header that defines it, or define it at the top of the script
    print($o + 1);
//        ^^^^^^ error[incomplete-struct]: struct opaque is only declared: its members are not known
//        | hint: include the header that defines it, or define it at the top of the script
    $o++;
//  ^^^^ error[incomplete-struct]: struct opaque is only declared: its members are not known
//  | hint: include the header that defines it, or define it at the top of the script
  }
`,
    { world: withDeclaredStruct() },
  );
});

test('pointer arithmetic', () => {
  check(String.raw`
  begin {
    $p = (int32 *)16;
    $q = (int64 *)16;
    print($p * 2);
//        ^^^^^^ error[binary-operands]: '*' does not work on int32 * and int8
//        | left: int32 *: $p
//        | right: int8: 2
    print($p - $p);
//        ^^^^^^^ error[binary-operands]: '-' does not work on int32 * and int32 *
//        | left: int32 *: $p
//        | right: int32 *: $p
    print(2 - $p);
//        ^^^^^^ error[binary-operands]: '-' does not work on int8 and int32 *
//        | left: int8: 2
//        | right: int32 *: $p
    print($p == $q);
//        ^^^^^^^^ warning[pointer-types]: pointers to different types are compared: int32 * and int64 *
//        | hint: cast one of them to the type of the other
    print($p == (void *)$q);
    print(kptr($p) == uptr($p));
//        ^^^^^^^^^^^^^^^^^^^^ warning[address-spaces]: a kernel address is compared with a user address: they are never the same place
//        | hint: kptr() and uptr() say where a pointer points
    print(kptr("x"));
//             ^^^ error[argument-type]: kptr() needs an address here, and this is a literal string[2]
    print(-$p);
//        ^^^ error[unary-operand]: '-' does not work on int32 *
  }
`);
});

test('addresses', () => {
  check(String.raw`
  begin {
    print(&5);
//        ^^ error[address-of]: '&' takes the address of a $variable or of a @map
    @m[1] = 2;
    print(&@m);
    print(&@m[1]);
//        ^^^^^^ error[address-of]: '&' takes the address of a $variable or of a @map
//        | hint: for one value: $value = @map[key]; then &$value
    print(&$nothing);
//         ^^^^^^^^ error[undefined-variable]: $nothing is not assigned anywhere before this
    print(&@never);
//         ^^^^^^ error[undefined-map]: nothing is ever stored in @never
//         | hint: assign it somewhere, for example in begin
    let $x: uint64;
    $p = &$x;
    print(*$p);
  }
`);
});

test('arrays', () => {
  check(String.raw`
  begin {
    $a = (uint32[2])(uint64)5;
    print($a == (uint16[4])(uint64)5);
//        ^^^^^^^^^^^^^^^^^^^^^^^^^^ error[binary-operands]: '==' does not work on uint32[2] and uint16[4]
//        | left: uint32[2]: $a
//        | right: uint16[4]: (uint16[4])(uint64)5
//        | hint: arrays of one integer type and size are equal or not (== and !=); their elements can be computed with
    print($a < $a);
//        ^^^^^^^ error[binary-operands]: '<' does not work on uint32[2] and uint32[2]
//        | left: uint32[2]: $a
//        | right: uint32[2]: $a
//        | hint: arrays of one integer type and size are equal or not (== and !=); their elements can be computed with
    print($a[2]);
//           ^ error[index-range]: index 2 is outside: there are 2 elements, counted from 0
    print($a[-1]);
//           ^^ error[index-type]: an index is an integer that is not negative
    print($a["x"]);
//           ^^^ error[index-type]: an index is an integer that is not negative
    $i = 1;
    $i++;
    print($a[$i]);
//           ^^ warning[signed-index]: this index is int64 and may be negative
//           | hint: negative elements do not exist; (uint64) says that it is not negative
    print($a[pid]);
    for ($j : 0..2) { print($a[$j]); }
    for ($j : 0..ncpus) { print($a[$j]); }
    let $k = 1;
    print($a[$k]);
    @k = 1;
    print($a[@k]);
    print($a[pid ? 1 : 0]);
    $t = (1, 2);
    print($a[$t.0]);
    @node = *(struct kernel_cgroup_node *)16;
    print(@node.ancestors[1]);
//        ^^^^^^^^^^^^^^^^^^ error[flexible-array]: the elements of this array lie behind the struct and were not copied
//        | hint: read them through the pointer to the struct
  }
`);
});

test('a kernel without type information', () => {
  check(
    String.raw`
  begin {
    print(curtask->pid);
//        ^^^^^^^ error[curtask-type]: the members of tasks are not known: this kernel has no type information (BTF)
//        | hint: EBTRACE_BTF=FILE takes it from a file; pid, tid, comm, uid and cgroup need none
  }
`,
    { world: { ...world, kernelTypes: () => undefined } },
  );
});
