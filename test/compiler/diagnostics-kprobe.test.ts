/** Messages about kprobes and about what probes know of registers, in the form of test/support/annotate.ts. */
import { expect, test } from 'vitest';
import { currentKernelFeatures } from '../../src/world/features.ts';
import type { HostFiles } from '../../src/world/host-files.ts';
import { hostWorld } from '../../src/world/host-world.ts';
import type { World } from '../../src/world/world.ts';
import { annotate } from '../support/annotate.ts';
import { fixtureFiles, fixtureWorld } from '../support/fixture-world.ts';

const fixture = fixtureWorld();

function check(text: string, world: World = fixture, unsafe = false): void {
  expect(annotate(text, { world, environment: {}, positionals: [], unsafe })).toBe(text);
}

test('a script with all of it gets no message', () => {
  check(String.raw`
  kprobe:vfs_read { print((arg0, arg5, func, ctx->ip, usermode, reg("ax"))); $f = (struct file *)arg0; print($f->f_pos); }
  kretprobe:vfs_read { print((retval, func, ctx->ax, usermode, reg("sp"))); }
  profile:hz:99 { print((usermode, reg("ip"))); }
  begin { print(usermode); }
`);
});

test('attach points', () => {
  check(String.raw`
  kprobe: { }
//^^^^^^^ error[kprobe-empty]: kprobe needs the name of a function
//| hint: Write 'kprobe:FUNCTION' or 'kprobe:MODULE:FUNCTION' or 'kprobe:FUNCTION+OFFSET'.
  kprobe:0xffffffff81002000 { }
//       ^^^^^^^^^^^^^^^^^^ error[kprobe-address-unsafe]: A probe at an address may hit the middle of an instruction, and this run is in safe mode
//       | hint: allow it with --unsafe, or name the function, as in kprobe:vfs_read+8
  kretprobe:vfs_read+4 { }
//                  ^^ error[kprobe-offset]: kretprobe takes no offset: it runs when the function returns, wherever that is
  kprobe:vfs_*+4 { }
//       ^^^^^^^ error[kprobe-offset-name]: An offset needs the name of one function in front of it
  kprobe:vfs_read+four { }
//               ^^^^^ error[probe-number]: 'four' is no number: an integer starts with a digit and has no blanks
`);
  check(
    String.raw`
  kprobe:first:0xffffffff81002000 { }
//^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ error[kprobe-address-module]: An address belongs to no module: write the address alone
`,
    fixture,
    true,
  );
});

test('what a kind of probe does not have', () => {
  check(String.raw`
  kprobe:vfs_read {
    print(retval);
//        ^^^^^^ error[retval-probe]: there is no result in kprobe probes
//        | hint: kretprobe, uretprobe and fexit run when a function returns, and a function that returns void has no result
    print(arg6);
//        ^^^^ error[argument-number]: arg6 is not in a register: this machine (x86_64) passes 6 arguments so, arg0 to arg5
//        | hint: further arguments are on the stack: *(uint64 *)(reg("sp") + OFFSET) reads it
    print(reg("xmm0"));
//            ^^^^^^ error[reg-name]: there is no register 'xmm0' on this machine (x86_64)
//            | hint: they are r15, r14, r13, r12, bp, bx, r11, r10, r9, r8, ax, cx, dx, si, di, orig_ax, ip, cs, flags, sp, ss, orig_rax, pc
  }
  kretprobe:vfs_read {
    print(arg0);
//        ^^^^ error[argument-probe]: there are no arguments by number in kretprobe probes
//        | hint: keep it in a map when the function is called, and look it up here: @a[tid] = arg0
  }
  tracepoint:sched:sched_switch {
    print(arg0);
//        ^^^^ error[argument-probe]: there are no arguments by number in tracepoint probes
//        | hint: kprobes, uprobes, usdt and raw tracepoints have arg0, arg1 ...; other kinds have args.NAME, or none
    print(retval);
//        ^^^^^^ error[retval-probe]: there is no result in tracepoint probes
//        | hint: the result of a system call is args.ret of its sys_exit tracepoint
    print(func);
//        ^^^^ error[func-probe]: there is no traced function in tracepoint probes
//        | hint: kprobe, kretprobe, fentry and fexit have one; probe is the name of the probe everywhere
    print(ctx);
//        ^^^ error[ctx-probe]: ctx cannot be used in tracepoint probes
//        | hint: args has what the probe tells; kprobes and iterators have ctx
    print(usermode);
//        ^^^^^^^^ error[usermode-probe]: tracepoint probes do not tell in which mode the processor was
//        | hint: kprobe, uprobe, profile, interval, software and hardware probes have usermode
    print(reg("ax"));
//        ^^^^^^^^^ error[reg-probe]: reg() cannot be used in tracepoint probes: they do not have the registers
//        | hint: kprobe, uprobe, usdt, profile, interval, software, hardware and watchpoint probes do
  }
`);
});

test('functions that never return', () => {
  check(
    String.raw`
  kprobe:do_exit { }
  kretprobe:do_exit { }
//^^^^^^^^^^^^^^^^^ warning[probe-caution]: do_exit never returns, so this probe never fires
//| hint: kprobe:do_exit runs when it is called.
  kretprobe:do_exit* { @ = count(); }
  kretprobe:do_exit_not { }
`,
    hostWorld(listing('do_exit', 'do_exit_not'), { arch: 'x86_64', features: currentKernelFeatures }),
  );
});

/** A machine whose list of functions has these too. */
function listing(...names: readonly string[]): HostFiles {
  const files = fixtureFiles();
  return {
    ...files,
    read: (path) => {
      const content = files.read(path);
      if (content === undefined || !path.endsWith('/available_filter_functions')) return content;
      return Buffer.concat([content, Buffer.from(names.map((name) => `${name}\n`).join(''))]);
    },
  };
}

test('a kernel that does not tell the function behind a return', () => {
  const features = { ...currentKernelFeatures, kprobeFunctionIp: false };
  check(
    String.raw`
  kprobe:vfs_read { print(func); }
  kretprobe:vfs_read {
    print(func);
//        ^^^^ error[func-kernel]: this kernel does not tell which function a kretprobe is in (bpf_get_func_ip, since Linux 5.15)
//        | hint: probe has the name of the function too
  }
`,
    hostWorld(fixtureFiles(), { arch: 'x86_64', features }),
  );
});

test('a kernel that hides the addresses of its functions', () => {
  const features = { ...currentKernelFeatures, kprobeFunctionIp: false };
  check(
    String.raw`
  kprobe:vfs_read { print(func); }
  fentry:vfs_read {
    print(func);
//        ^^^^ error[func-hidden]: the address of vfs_read is not known here, and func is one
//        | hint: probe has the name of the function too; sysctl kernel.kptr_restrict=0 shows addresses to root
  }
`,
    { ...fixture, features, kernelSymbol: () => 0n },
  );
});

test('another machine', () => {
  check(
    String.raw`
  kprobe:vfs_read {
    print((arg7, reg("r30"), reg("regs[1]"), usermode));
    print(arg8);
//        ^^^^ error[argument-number]: arg8 is not in a register: this machine (arm64) passes 8 arguments so, arg0 to arg7
//        | hint: further arguments are on the stack: *(uint64 *)(reg("sp") + OFFSET) reads it
  }
`,
    hostWorld(fixtureFiles(), { arch: 'arm64', features: currentKernelFeatures }),
  );
});
