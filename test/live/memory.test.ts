/**
 * What scripts read through pointers, on the kernel: the values are compared with what the system says itself, or with
 * bytes that the script put into its own variables. A case is one run of bin/ebtrace.
 */
import { hostname, release } from 'node:os';
import { beforeAll, describe, expect, test } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

/** Lines that the script prints, and behind `maps:` the lines of the maps at the end; nothing on stderr. */
async function prints(script: string, lines: readonly string[], args: readonly string[] = []): Promise<void> {
  const result = await ebtrace(['-q', ...args, '-e', script], { timeoutMs: 30_000 });
  const end = lines.indexOf('maps:');
  const [printed, maps] = end < 0 ? [lines, []] : [lines.slice(0, end), lines.slice(end + 1)];
  const stdout = [...printed, '', '', ...maps].map((line) => `${line}\n`).join('');
  expect(result).toEqual({ status: 0, stdout, stderr: '' });
}

/** 48 bytes in a variable, seen as a struct of every sort of member. */
const everySort = `
struct pair { int x; char name[4]; };
struct sorts {
  struct pair a[2];
  union { int whole; struct { short low; short high; }; };
  enum state { IDLE = 1, BUSY } state;
  unsigned short m[2][2];
  signed char narrow; unsigned char wide; _Bool yes;
  float real;
  unsigned long long rest[];
};
begin {
  $bytes = ((uint64)0x0064636200000005, (uint64)0x68676665fffffffe, (uint64)0x0000000200030002,
    (uint64)0x0004000300020001, (uint64)0x3f80000000018081, (uint64)0x0000000000000009);
  $p = (struct sorts *)&$bytes;
  $i = 1;
`;

describe.runIf(canBpf)('memory', () => {
  beforeAll(buildBundle, 60_000);

  describe('the kernel', () => {
    test('chains of pointers lead to what the system says', () =>
      prints(
        `begin {
          $t = curtask;
          print($t->nsproxy->uts_ns->name.nodename);
          print($t.nsproxy.uts_ns.name.release);
          printf("%s\\n", $t->nsproxy->uts_ns->name.nodename);
          print($t->tgid == pid && $t->comm == comm);
          $name = $t->nsproxy->uts_ns->name;
          print($name.nodename);
          @names[$t->nsproxy->uts_ns->name.nodename] = 1;
        }`,
        [hostname(), release(), hostname(), 'true', hostname(), 'maps:', `@names[${hostname()}]: 1`],
      ));

    test('processes are children of their parents', () =>
      prints(
        'begin { print(curtask->real_parent->tgid); print(curtask->real_parent.tgid == curtask->parent->tgid); }',
        [`${process.pid}`, 'true'],
      ));

    test('integers, casts, variables, maps and pointers to pointers name the same memory', () =>
      prints(
        `begin {
          $t = curtask;
          $number = (uint64)$t;
          $there = (struct task_struct *)$number;
          print($there->tgid == pid);
          print(*(int32 *)($number + offsetof(struct task_struct, tgid)) == pid);
          $pp = &$t;
          print($pp->tgid == pid && (*$pp)->tgid == pid && (**$pp).tgid == pid && $pp[0]->tgid == pid);
          @t = $t;
          print(@t->tgid == pid);
          print(@t == $t);
          unroll(2) { $t = $t->real_parent; }
          print($t != @t);
          clear(@t);
        }`,
        ['true', 'true', 'true', 'true', 'true', 'true'],
      ));

    test('a whole task is a value: in variables, maps, events', async () => {
      await prints(
        `begin {
          $t = *curtask;
          @task = $t;
          @tasks[tid] = *curtask;
          print($t.tgid == pid && @task.tgid == pid && @tasks[tid].tgid == pid);
          print(@task.comm == comm);
          print(@tasks[tid].nsproxy->uts_ns->name.nodename);
          clear(@task); clear(@tasks);
        }`,
        ['true', 'true', hostname()],
      );
      const result = await ebtrace(['-q', '-f', 'json', '-e', 'begin { print(*curtask); print((pid, comm)); }']);
      const [task, names] = result.stdout.split('\n').map((line) => (line === '' ? undefined : JSON.parse(line).data));
      expect(task).toMatchObject({ tgid: names[0], comm: names[1], usage: { refs: { counter: expect.any(Number) } } });
      expect(result).toMatchObject({ status: 0, stderr: '' });
    });

    test('loops read through pointers too', () =>
      prints(
        'begin { $t = curtask->nsproxy->uts_ns; for ($i : 0..2) { print(($i, $t->name.nodename[$i])); } }',
        [0, 1].map((i) => `(${i}, ${hostname().charCodeAt(i) || 0})`),
      ));
  });

  describe('structs', () => {
    test('members of every sort, through a pointer', () =>
      prints(
        `${everySort}
          print(($p->a[0].x, $p->a[1].x, $p->a[0].name, $p->a[1].name));
          print(($p->whole, $p->low, $p->high, $p->state));
          print(($p->m, $p->m[1], $p->m[1][1], $p->m[$i][0]));
          print(($p->narrow, $p->wide, $p->yes));
          print($p->rest[0]);
          print($p->a[$i]);
        }`,
        [
          '(5, -2, bcd, efgh..)',
          '(196610, 2, 3, BUSY)',
          '([[1,2],[3,4]], [3,4], 4, 3)',
          '(-127, 128, true)',
          '9',
          '{ .x = -2, .name = efgh.. }',
        ],
      ));

    test('members of every sort, of a copy', () =>
      prints(
        `${everySort}
          $s = *$p;
          print(($s.a[0].x, $s.a[1].x, $s.a[0].name, $s.a[1].name));
          print(($s.whole, $s.low, $s.high, $s.state));
          print(($s.m, $s.m[1], $s.m[1][1], $s.m[$i][0]));
          print(($s.narrow, $s.wide, $s.yes));
          print($s.a[$i]);
          @s = $s; @k[1] = $s;
          print((@s.a[1].x, @s.m[1], @k[1].narrow, @k[1].m[$i][1], @k[2].narrow));
          clear(@s); clear(@k);
        }`,
        [
          '(5, -2, bcd, efgh..)',
          '(196610, 2, 3, BUSY)',
          '([[1,2],[3,4]], [3,4], 4, 3)',
          '(-127, 128, true)',
          '{ .x = -2, .name = efgh.. }',
          '(-2, [3,4], -127, 4, 0)',
        ],
      ));

    const whole =
      '{ .a = [{ .x = 5, .name = bcd },{ .x = -2, .name = efgh.. }], .whole = 196610, .low = 2, .high = 3, ' +
      '.state = BUSY, .m = [[1,2],[3,4]], .narrow = -127, .wide = 128, .yes = true, .real = null, .rest = [] }';

    test('whole structs: print, printf, maps, keys, tuples', () =>
      prints(
        `${everySort}
          print(*$p);
          printf("%s|%d|%s\\n", *$p, $p->state, $p->state);
          print((1, $p->a[0]));
          @s = *$p;
          @k[$p->a[0]] = $p->a[1];
          @n[$p->state] = count();
        }`,
        [
          whole,
          `${whole}|2|BUSY`,
          '(1, { .x = 5, .name = bcd })',
          'maps:',
          '@k[{ .x = 5, .name = bcd }]: { .x = -2, .name = efgh.. }',
          '@n[BUSY]: 1',
          `@s: ${whole}`,
        ],
      ));

    test('as JSON', async () => {
      const script = `${everySort} print(*$p); @e[$p->a[0]] = $p->state; }`;
      const { stdout, stderr } = await ebtrace(['-q', '-f', 'json', '-e', script]);
      expect(stderr).toBe('');
      const data = stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));
      expect(data).toEqual([
        {
          type: 'value',
          data: {
            a: [
              { x: 5, name: 'bcd' },
              { x: -2, name: 'efgh..' },
            ],
            whole: 196610,
            low: 2,
            high: 3,
            state: 2,
            m: [
              [1, 2],
              [3, 4],
            ],
            narrow: -127,
            wide: 128,
            yes: true,
            real: null,
            rest: [],
          },
        },
        { type: 'map', data: { '@e': { '{.x=5,.name=bcd}': 2 } } },
      ]);
    });

    test('bit-fields have the sign of their type', () =>
      prints(
        `struct bits { int a:3; int b:5; unsigned c:4; _Bool d:1; long long e:40; enum { OFF, ON } f:2; };
        begin {
          $bytes = ((uint64)0x123456789abcd5ed, (uint64)0x7fffffffffffffff);
          $p = (struct bits *)&$bytes;
          $s = *$p;
          print(*$p);
          print(($p->a, $p->b, $p->c, $p->d, $p->e, $p->f));
          print(($s.a, $s.b, $s.c, $s.d, $s.e, $s.f));
          print($p->a + 1);
        }`,
        [
          '{ .a = -3, .b = -3, .c = 5, .d = true, .e = -400710904346, .f = ON }',
          '(-3, -3, 5, true, -400710904346, ON)',
          '(-3, -3, 5, true, -400710904346, ON)',
          '-2',
        ],
      ));

    test('the row of the language reference', () =>
      prints('struct q { unsigned int a:3, b:5; } begin { $v = (uint32)0x2d; print(*(struct q*)&$v); }', [
        '{ .a = 5, .b = 5 }',
      ]));

    test('lists and text', () =>
      prints(
        `struct link { int value; struct link *next; };
        struct named { int length; char text[]; };
        begin {
          $last = ((uint64)1, (uint64)0);
          $middle = ((uint64)2, (uint64)&$last);
          $first = ((uint64)3, (uint64)&$middle);
          $p = (struct link *)&$first;
          print(($p->value, $p->next->value, $p->next->next->value, $p->next->next->next));
          $copy = *$p;
          print($copy.next->next->value);
          $name = ((uint64)0x0062614100000003, (uint64)0);
          $n = (struct named *)&$name;
          print((str($n->text), $n->text[1], buf($n->text, 2)));
        }`,
        ['(3, 2, 1, 0x0)', '1', '(Aab, 97, Aa)'],
      ));
  });

  describe('addresses and arrays', () => {
    test('arithmetic goes in steps of what is pointed to', () =>
      prints(
        `begin {
          @p = (int32 *)16;
          @p += 2;
          @k[1] = (int64 *)16;
          @k[1]++;
          $q = (uint16 *)16;
          $q++; ++$q; $q--;
          print(($q, 1 + $q, $q - 2, (void *)16 + 3, (int8 *)16 + 3));
          print($q == 18 && $q > (uint16 *)16 && $q != 0);
          $pair = ((uint32)7, (uint32)8);
          $first = (uint32 *)&$pair;
          print((*$first, *($first + 1), $first[1], *(uint8 *)($first + 1)));
        }`,
        ['(0x12, 0x14, 0xe, 0x13, 0x13)', 'true', '(7, 8, 8, 8)', 'maps:', '@k[1]: 0x18', '@p: 0x18'],
      ));

    test('addresses of variables and maps', () =>
      prints(
        `begin {
          $x = (int16)-5;
          let $y: uint64;
          $py = &$y;
          @m = (int16)-6;
          $t = (1, "two");
          print((*&$x, *$py, *&@m, *&$t));
          $px = &$x;
          $x = 9;
          print(*$px);
          for ($i : 0..1) { $x = 10; print(*$px); }
          clear(@m);
        }`,
        ['(-5, 0, -6, (1, two))', '9', '10'],
      ));

    test('an index that is outside gives 0 and is counted', async () => {
      const script = `${everySort} $i = 7; print($p->m[$i][0]); $s = *$p; print($s.m[$i]); print(1); }`;
      const result = await ebtrace(['-q', '-e', script]);
      expect(result).toMatchObject({ status: 0, stdout: '0\n[0,0]\n1\n\n\n' });
      expect(result.stderr.match(/WARNING/g)).toHaveLength(2);
    });

    test('arrays and structs are equal by their bytes, text up to its end', () =>
      prints(
        `${everySort}
          $c = *$p;
          print(($p->m[0] == $p->m[0], $p->m[0] == $p->m[1], $c.m[1] != $p->m[1]));
          print(($p->a[0] == $c.a[0], $p->a[0] == $p->a[1]));
          print(($p->a[0].name == "bcd", $p->a[0].name == "bc", "bcd" != $c.a[0].name));
        }`,
        ['(true, false, false)', '(true, false)', '(true, false, false)'],
      ));

    test('failed reads give zeros, and -k names them', async () => {
      const script = `begin {
        print(*(int64 *)16);
        print(((struct task_struct *)kptr(8))->comm);
        printf("[%s]\\n", ((struct new_utsname *)uptr(8))->nodename);
      }`;
      await prints(script, ['0', '', '[]']);
      const result = await ebtrace(['-q', '-k', '-e', script]);
      expect(result.stdout).toBe('0\n\n[]\n\n\n');
      expect(result.stderr.match(/probe_read\w*/g)).toEqual(['probe_read', 'probe_read_kernel', 'probe_read_user_str']);
    });
  });

  describe('user space', () => {
    test('arguments of system calls lead to user memory', () =>
      prints(
        `tracepoint:syscalls:sys_enter_clock_nanosleep /pid == cpid/ {
          print(*args.rqtp);
          $r = args.rqtp;
          print(($r->tv_nsec, $r[0].tv_sec, kptr($r)->tv_nsec));
          @[*args.rqtp] = args->rqtp->tv_nsec;
        }`,
        [
          '{ .tv_sec = 0, .tv_nsec = 125000000 }',
          '(125000000, 0, 0)',
          'maps:',
          '@[{ .tv_sec = 0, .tv_nsec = 125000000 }]: 125000000',
        ],
        ['-c', '/bin/sleep 0.125'],
      ));

    test('words of an argument vector', () =>
      prints(
        `tracepoint:syscalls:sys_enter_execve /pid == cpid/ {
          $i = 2;
          printf("%s %s %s\\n", str(args.argv[0]), str(*(args.argv + 1)), str(args.argv[$i]));
          print(args.argv[3]);
        }`,
        ['/bin/true one two', '0x0'],
        ['-c', '/bin/true one two'],
      ));
  });
});
