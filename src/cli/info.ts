/** --info: what ebtrace found on this machine and what the kernel can do, one `name: value` a line. */
import { arch, version as kernelBuild, release } from 'node:os';
import { createClang } from '../clang/clang.ts';
import { probeKinds } from '../probes/index.ts';
import {
  currentKernelFeatures,
  type KernelFeatures,
  programTypes,
  type TaskLookup,
  taskLookup,
} from '../world/features.ts';
import { type HostFiles, readText } from '../world/host-files.ts';
import { variable } from './environment.ts';
import { loadRuntime } from './load-runtime.ts';
import { openMachine } from './machine.ts';
import type { Screen } from './screen.ts';
import type { Settings } from './settings.ts';

/** Returns the exit status: 1 when this process may not ask the kernel. */
export async function showInfo(settings: Settings, screen: Screen, version: string): Promise<number> {
  const machine = await openMachine({ host: undefined, environment: process.env });
  const { world, files } = machine;
  const runtime = await loadRuntime(files);
  const clang = await createClang({ path: settings.clang, env: process.env }).identity();
  const tracefs = world.tracefs();
  const hasBtf = world.kernelTypes() !== undefined;
  const sections: [string, readonly (readonly [string, string])[]][] = [
    [
      'System',
      [
        ['OS', `${process.platform} ${release()} ${kernelBuild()}`],
        ['Arch', arch()],
        ['Distribution', distribution(files)],
        ['CPUs', `${world.onlineCpus().length} online, ${world.possibleCpus()} possible`],
        ['BTF', hasBtf ? (variable('kernelTypes', process.env)?.value ?? '/sys/kernel/btf/vmlinux') : 'none'],
        ['tracefs', tracefs === undefined ? 'none' : tracefsText(tracefs)],
      ],
    ],
    [
      'Build',
      [
        ['ebtrace', version],
        ['Node', `${process.version} ${process.execPath}`],
        ['clang', clang === undefined ? 'none' : `${clang.version} (${clang.path})`],
        ['libbpf', libbpf(files) ?? 'not loaded'],
      ],
    ],
  ];
  if (runtime.ok) {
    const { features } = runtime.value;
    sections.push(
      ['Kernel helpers', helperRows.map(([name, feature]) => [name, yesNo(features[feature])])],
      ['Kernel functions', kernelFunctionRows.map(([name, feature]) => [name, yesNo(features[feature])])],
      [
        'Kernel features',
        [
          ['btf', yesNo(hasBtf)],
          ['module btf', yesNo((files.list('/sys/kernel/btf') ?? []).some((name) => name !== 'vmlinux'))],
          ['tracefs', yesNo(tracefs !== undefined)],
          ['initial_pid_namespace', yesNo(features.initPidNamespace)],
          ['map_keys_over_512_bytes', yesNo(features.longMapKeys)],
          ['kprobe_multi', yesNo(features.kprobeMulti)],
          ['kprobe_session', yesNo(features.kprobeSession)],
        ],
      ],
      ['Probe types', probeKinds.map(({ name }) => [name, yesNo(name !== 'tracepoint' || tracefs !== undefined)])],
    );
  }
  screen.say(sections.map(([title, rows]) => sectionText(title, rows)).join('\n\n'));
  if (runtime.ok) return 0;
  screen.report([runtime.diagnostic]);
  return 1;
}

type NoHelper =
  | 'initPidNamespace'
  | 'kprobeMulti'
  | 'kprobeSession'
  | 'longMapKeys'
  | 'recursionGuard'
  | 'typedReads'
  | TaskLookup;

/** Every feature that is a helper, with the helper's name. */
const helperNames: { readonly [K in Exclude<keyof KernelFeatures, NoHelper>]: string } = {
  tracepointCookie: 'get_attach_cookie (tracepoint)',
  rawTracepointCookie: 'get_attach_cookie (raw tracepoint)',
  kprobeCookie: 'get_attach_cookie (kprobe)',
  kprobeFunctionIp: 'get_func_ip (kprobe)',
  bpfLoop: 'loop',
  mapLookupPercpu: 'map_lookup_percpu_elem',
  forEachMapElem: 'for_each_map_elem',
  ktimeBoot: 'ktime_get_boot_ns',
  currentTaskBtf: 'get_current_task_btf',
  taskPtRegs: 'task_pt_regs',
  structArguments: 'ktime_get_tai_ns',
};

/** Calls of kernel functions that are no helpers (kfuncs), by the type of the program. */
const kernelFunctionRows = programTypes.map(
  (type) => [`task_from_pid (${type.replace('_', ' ')})`, taskLookup(type)] as const,
);

const helperRows = (Object.keys(currentKernelFeatures) as (keyof KernelFeatures)[]).flatMap((feature) =>
  isHelper(feature) ? [[helperNames[feature], feature] as const] : [],
);

function isHelper(feature: keyof KernelFeatures): feature is keyof typeof helperNames {
  return feature in helperNames;
}

function sectionText(title: string, rows: readonly (readonly [string, string])[]): string {
  return [title, ...rows.map(([name, value]) => `  ${name}: ${value}`)].join('\n');
}

function yesNo(answer: boolean): string {
  return answer ? 'yes' : 'no';
}

function distribution(files: HostFiles): string {
  return /^PRETTY_NAME="?([^"\n]*)/m.exec(readText(files, '/etc/os-release') ?? '')?.[1] ?? 'unknown';
}

function tracefsText(root: string): string {
  return root.startsWith('/proc/self/fd/') ? 'mounted for this process only' : root;
}

/** The library that is mapped into this process; the file behind the link has the whole version in its name. */
function libbpf(files: HostFiles): string | undefined {
  return /\S*\/libbpf\.so\S*/.exec(readText(files, '/proc/self/maps') ?? '')?.[0];
}
