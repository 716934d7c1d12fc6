/** C in scripts, on the running kernel: constants, macros, sizes and values as they come out at the end. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canBpf, requireBpfInCi } from '../support/bpf-available.ts';
import { buildBundle, ebtrace } from '../support/ebtrace.ts';

requireBpfInCi();

const folder = mkdtempSync(join(tmpdir(), 'ebtrace-live-c-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function lines(script: string, ...options: readonly string[]): Promise<readonly string[]> {
  const { status, stdout, stderr } = await ebtrace(['-q', ...options, '-e', script], { cwd: folder });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  return stdout.trimEnd().split('\n');
}

describe.runIf(canBpf)('C in scripts', () => {
  beforeAll(buildBundle, 60_000);

  it('macros over several lines, enums with and without names', async () => {
    const script = String.raw`
#define X 3
#define SUM \
  (X + \
   1)
enum { A = 5, B }
enum E { C = 7, D = C << 2 };
begin { print(SUM * 2); print(B); print(B + 1); print(D); print((enum E)7); @c[C] = D; }`;
    expect(await lines(script)).toEqual(['8', 'B', '7', 'D', 'C', '', '', '@c[C]: D']);
  });

  it('structs of their own and of the kernel, in one', async () => {
    const script = `
struct q { u32 a; struct list_head l; char c[TASK_COMM_LEN]; }
union u { long l; char c[12]; } __attribute__((packed))
begin { print((sizeof(struct q), sizeof(union u), sizeof(struct list_head))); print(offsetof(struct q, l.prev)); }`;
    expect(await lines(script)).toEqual(['(40, 12, 16)', '16']);
  });

  it('bit-fields, read from a value', async () => {
    const script = 'struct q { unsigned int a:3, b:5; } begin { $v = (uint32)0x2d; print(*(struct q*)&$v); }';
    expect(await lines(script)).toEqual(['{ .a = 5, .b = 5 }']);
  });

  it('headers of the system, of -I and of --include', async () => {
    writeFileSync(join(folder, 'own.h'), '#define OWN 11\nstruct own { int a, b, c; };\n');
    const script = `
#include <sys/socket.h>
#ifdef BPFTRACE_HAVE_BTF
#define WHERE 1
#endif
begin { print((AF_INET, SOCK_STREAM, sizeof(struct sockaddr), WHERE)); print((OWN, sizeof(struct own))); }`;
    const expected = ['(2, SOCK_STREAM, 16, 1)', '(11, 12)'];
    expect(await lines(script, '--include', 'own.h')).toEqual(expected);
    expect(await lines(script, '-I', folder, '--include', 'own.h')).toEqual(expected);
  });

  it('of files keeps the place of its errors', async () => {
    writeFileSync(join(folder, 'script.bt'), '#!/usr/bin/ebtrace\n\nstruct q {\n  int a;\n  nosuch b;\n}\nbegin { }\n');
    const { status, stderr } = await ebtrace([join(folder, 'script.bt')]);
    expect(status).toBe(1);
    expect(stderr.split('\n').slice(0, 3)).toEqual([
      `${join(folder, 'script.bt')}:5:3-9: ERROR: in the C code: unknown type name 'nosuch'`,
      '  nosuch b;',
      '  ~~~~~~',
    ]);
  });
});
