/**
 * The rows (a) to (k) of `npm run bench`. A row runs one tool once and gives a number for each of its lines; the
 * runner (scripts/bench.mjs) alternates the tools and repeats. `target` is the ratio ebtrace / peer to reach, `limit`
 * an absolute number for ebtrace alone. Rows with `kprobes` need a kernel that has them and are measured when they are named. Scripts count only what the benchmark itself started.
 */
import { closeSync, openSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { now, runTool } from './measure.mjs';

const schedSwitch = 'tracepoint:sched:sched_switch { @[args.prev_pid] = count(); }';
const attachedLine = '__BPFTRACE_NOTIFY_PROBES_ATTACHED';
const noObjectCache = { EBTRACE_CACHE: '0' };
const burst = 1_000_000;
const calls = 1_000_000;
const keys = 100_000;

const perEventScripts = [
  { key: 'count', call: 'getppid', action: '@ = count();' },
  { key: 'count-pid', call: 'getppid', action: '@[pid] = count();' },
  { key: 'kstack', call: 'getppid', action: '@[kstack] = count();', target: 1 },
  { key: 'hist', call: 'getpgid', action: '@ = hist(args.pid);' },
  { key: 'hist-pid', call: 'getpgid', action: '@[pid] = hist(args.pid);' },
];

const chain = 'real_parent->mm->total_vm';

/** Of kernel probes that fire once a prctl(PR_SET_NAME), with a struct to follow pointers from. */
const kernelProbeScripts = [
  { key: 'kprobe', probe: 'kprobe:__set_task_comm', action: '@ = count();' },
  { key: 'kprobe-chain', probe: 'kprobe:__set_task_comm', action: `@ = sum(((struct task_struct *)arg0)->${chain});` },
  { key: 'kprobe-kstack', probe: 'kprobe:__set_task_comm', action: '@[kstack] = count();' },
  { key: 'fentry', probe: 'fentry:__set_task_comm', action: '@ = count();' },
  { key: 'fentry-chain', probe: 'fentry:__set_task_comm', action: `@ = sum(args.tsk->${chain});` },
  { key: 'fentry-kstack', probe: 'fentry:__set_task_comm', action: '@[kstack] = count();' },
  { key: 'rawtracepoint-chain', probe: 'rawtracepoint:task_rename', action: `@ = sum(args.task->${chain});` },
  { key: 'rawtracepoint-kstack', probe: 'rawtracepoint:task_rename', action: '@[kstack] = count();' },
];

/** Emulated guests make ten thousands of calls a second. */
const kernelProbeCalls = 100_000;

/** Of file systems, memory, block devices, network: those that most kernels have. */
const categories = {
  usual: [
    'ext4',
    'writeback',
    'jbd2',
    'block',
    'cgroup',
    'power',
    'kmem',
    'net',
    'tcp',
    'vmscan',
    'compaction',
    'io_uring',
    'xdp',
  ],
  /** Of Debian's kernels, which the guests have. */
  more: [
    'dma',
    'handshake',
    'timer_migration',
    'fs_dax',
    'iomap',
    'filelock',
    'ksm',
    'oom',
    'cxl',
    'sock',
    'neigh',
    'xen',
    'rtc',
    'filemap',
  ],
};

export const rows = [
  {
    id: 'a',
    lines: [
      { key: 'cold', name: 'BEGIN { exit(); }, start to end', unit: 'ms', target: 0.6 },
      { key: 'again', name: '  the same script again (object cache)', unit: 'ms', target: 0.6 },
    ],
    async measure(tool) {
      const args = ['-e', 'BEGIN { exit(); }'];
      const cold = await runTool(tool.command, args, { env: noObjectCache });
      await runTool(tool.command, args);
      const again = await runTool(tool.command, args);
      return { cold: elapsed(tool, cold), again: elapsed(tool, again) };
    },
  },
  {
    id: 'b',
    lines: [
      { key: 'cold', name: 'sched_switch one-liner, start until attached', unit: 'ms', target: 0.6 },
      { key: 'again', name: '  the same script again (object cache)', unit: 'ms', target: 0.6 },
    ],
    async measure(tool) {
      const cold = await untilAttached(tool, schedSwitch, noObjectCache);
      await untilAttached(tool, schedSwitch, {});
      const again = await untilAttached(tool, schedSwitch, {});
      return { cold: cold.attachedMs, again: again.attachedMs };
    },
  },
  {
    id: 'c',
    // The peer needs half a minute to detach.
    mostRuns: 2,
    lines: [
      { key: 'printed', name: 'sys_enter_* counted for 100 ms, start to printed map', unit: 'ms', target: 0.1 },
      { key: 'ended', name: '  start to end of the process', unit: 'ms', target: 0.1 },
    ],
    async measure(tool) {
      const script = `tracepoint:syscalls:sys_enter_* /pid == ${process.pid}/ { @[probe] = count(); } interval:ms:100 { exit(); }`;
      const busy = setInterval(() => statSync('/'), 5);
      let printed;
      try {
        const run = await runTool(tool.command, ['-e', script], {
          env: noObjectCache,
          stdout: (text) => {
            if (printed === undefined && text.includes('@[')) printed = now();
          },
        });
        if (printed === undefined) throw new Error(`row c: ${tool.name} printed no map\n${run.stderr}`);
        return { printed: printed - run.started - tool.wrapperMs, ended: elapsed(tool, run) };
      } finally {
        clearInterval(busy);
      }
    },
  },
  {
    id: 'd',
    lines: perEventScripts.map(({ key, action, target = 0.7 }) => ({
      key,
      name: `per event: ${action}`,
      unit: 'ns',
      target,
    })),
    async measure(tool, context) {
      const result = {};
      for (const { key, call, action } of perEventScripts) {
        const bare = await loop(context, [context.workload], [call, String(calls), context.times]);
        const script = `tracepoint:syscalls:sys_enter_${call} /pid == cpid/ { ${action} }`;
        const traced = await loop(context, tool.command, [
          '-c',
          `${context.workload} ${call} ${calls} ${context.times}`,
          '-e',
          script,
        ]);
        result[key] = (1e6 * (traced.loopMs - bare.loopMs)) / calls;
      }
      return result;
    },
  },
  {
    id: 'e',
    lines: [
      {
        key: 'null',
        name: `printf of 3 fields, ${burst} events, to /dev/null`,
        unit: 'events/s',
        target: 3,
        higher: true,
      },
      { key: 'null-lost', name: '  events lost, as counted by the tool', unit: '', limit: 0 },
      { key: 'file', name: '  the same to a file', unit: 'events/s', target: 3, higher: true },
      { key: 'file-lost', name: '  events not in the file', unit: '', limit: 0 },
      // The peer's counter stays silent in about every third run.
      { key: 'file-silent', name: '  of these not counted as lost', unit: '', limit: 0 },
    ],
    async measure(tool, context) {
      const toNull = await printBurst(tool, context, 'ignore');
      const path = join(context.folder, 'events');
      const descriptor = openSync(path, 'w');
      const toFile = await printBurst(tool, context, descriptor);
      closeSync(descriptor);
      const delivered = countLines(path, /^\d+ \d+ \d+$/);
      return {
        null: (burst - toNull.lost) / toNull.seconds,
        'null-lost': toNull.lost,
        file: delivered / toFile.seconds,
        'file-lost': burst - delivered,
        'file-silent': burst - delivered - toFile.lost,
      };
    },
  },
  {
    id: 'f',
    lines: [
      { key: 'map', name: `map of ${keys} keys filled, read and printed, whole process`, unit: 'ms', target: 0.7 },
    ],
    async measure(tool, context) {
      const script = `config = { max_map_keys = 200000 } BEGIN { for ($i : 0..${keys}) { @[$i] = $i; } exit(); }`;
      const path = join(context.folder, 'map');
      const descriptor = openSync(path, 'w');
      const run = await runTool(tool.command, ['-e', script], { env: noObjectCache, stdout: descriptor });
      closeSync(descriptor);
      const printed = countLines(path, /^@\[\d+\]: \d+$/);
      if (printed !== keys) throw new Error(`row f: ${tool.name} printed ${printed} of ${keys} keys`);
      return { map: elapsed(tool, run) };
    },
  },
  {
    id: 'g',
    lines: [
      { key: 'attached', name: 'peak memory, sched_switch one-liner (with clang)', unit: 'MB', target: 0.9 },
      { key: 'burst', name: `peak memory, printf of ${burst} events`, unit: 'MB', target: 0.9 },
    ],
    async measure(tool, context) {
      const attached = await untilAttached(tool, schedSwitch, noObjectCache, true);
      const printed = await printBurst(tool, context, 'ignore', true);
      return { attached: attached.peakKb / 1024, burst: printed.peakKb / 1024 };
    },
  },
  {
    id: 'h',
    // The peer needs half a minute to detach.
    mostRuns: 2,
    lines: [
      {
        key: 'attached',
        name: '300 tracepoints and more, start until attached',
        unit: 'ms',
        target: 0.5,
      },
      { key: 'left', name: '  Ctrl-C to end of the process', unit: 'ms', target: 0.1 },
    ],
    async measure(tool) {
      return attachTracepoints(tool, categories.usual, 300);
    },
  },
  {
    id: 'i',
    kprobes: true,
    lines: [
      { key: 'attached', name: 'kprobe:vfs_*, start until attached', unit: 'ms', target: 0.5 },
      { key: 'left', name: '  Ctrl-C to end of the process', unit: 'ms', target: 1 },
    ],
    async measure(tool) {
      const run = await untilAttached(tool, 'kprobe:vfs_* { @[probe] = count(); }', noObjectCache);
      return { attached: run.attachedMs, left: run.leftMs };
    },
  },
  {
    id: 'j',
    kprobes: true,
    // The peer needs half a minute to detach.
    mostRuns: 2,
    lines: [
      { key: 'attached', name: '500 tracepoints and more, start until attached', unit: 'ms', target: 0.5 },
      { key: 'left', name: '  Ctrl-C to end of the process', unit: 'ms', target: 0.5 },
    ],
    async measure(tool) {
      return attachTracepoints(tool, [...categories.usual, ...categories.more], 500);
    },
  },
  {
    id: 'k',
    kprobes: true,
    lines: kernelProbeScripts.map(({ key, probe, action }) => ({
      key,
      name: `per event: ${probe} { ${action} }`,
      unit: 'ns',
      target: 1,
    })),
    async measure(tool, context) {
      const result = {};
      const workload = ['prctl', String(kernelProbeCalls), context.times];
      for (const { key, probe, action } of kernelProbeScripts) {
        const bare = await loop(context, [context.workload], workload);
        const child = [context.workload, ...workload].join(' ');
        let printed = '';
        const stdout = (text) => {
          printed += text;
        };
        const script = `${probe} /pid == cpid/ { ${action} }`;
        const traced = await loop(context, tool.command, ['-c', child, '-e', script], { stdout });
        if (!/^(@|\]): [1-9]/m.test(printed)) throw new Error(`row k: ${tool.name}: ${probe} did not fire\n${printed}`);
        result[key] = (1e6 * (traced.loopMs - bare.loopMs)) / kernelProbeCalls;
      }
      return result;
    },
  },
];

async function attachTracepoints(tool, names, least) {
  const patterns = names.map((category) => `tracepoint:${category}:*`);
  const run = await untilAttached(
    tool,
    `config = { max_probes = 5000 } ${patterns.join(',')} { @ = count(); }`,
    noObjectCache,
  );
  const count = Number(/Attached (\d+) probes/.exec(run.stderr)?.[1] ?? 0);
  if (count < least) throw new Error(`${tool.name} attached ${count} probes, not ${least}\n${run.stderr}`);
  return { attached: run.attachedMs, left: run.leftMs };
}

function elapsed(tool, run) {
  return run.ended - run.started - tool.wrapperMs;
}

async function untilAttached(tool, script, env, memory = false) {
  let attached;
  const run = await runTool(tool.command, ['-e', script], {
    memory,
    env: { ...env, [attachedLine]: '1' },
    stdout: (text, { interrupt }) => {
      if (attached !== undefined || !text.includes(attachedLine)) return;
      attached = now();
      interrupt();
    },
  });
  if (attached === undefined) throw new Error(`${tool.name} did not print ${attachedLine}\n${run.stderr}`);
  return {
    attachedMs: attached - run.started - tool.wrapperMs,
    leftMs: run.ended - attached,
    peakKb: run.peakKb,
    stderr: run.stderr,
  };
}

/** Runs something that runs the workload; the workload's own file says how long its loop took. */
async function loop(context, command, args, options = {}) {
  const run = await runTool(command, args, options);
  const [start = 0, end = 0] = readFileSync(context.times, 'latin1').trim().split(' ').map(Number);
  return { ...run, loopMs: (end - start) / 1e6, loopStart: start / 1e6 };
}

/** From the first event until the tool has ended, all printed: what the user waits for. */
async function printBurst(tool, context, stdout, memory = false) {
  const script = 'tracepoint:syscalls:sys_enter_getppid /pid == cpid/ { printf("%d %d %llu\\n", pid, tid, nsecs); }';
  const child = `${context.workload} getppid ${burst} ${context.times}`;
  const run = await loop(context, tool.command, ['-c', child, '-e', script], { stdout, memory });
  const lost = Number(/Total lost event count: (\d+)/.exec(run.stderr)?.[1] ?? 0);
  return { seconds: (run.ended - run.loopStart) / 1000, lost, peakKb: run.peakKb };
}

function countLines(path, pattern) {
  return readFileSync(path, 'latin1')
    .split('\n')
    .filter((line) => pattern.test(line)).length;
}
