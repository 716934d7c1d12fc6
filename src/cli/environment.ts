/**
 * Environment variables: one row per variable; the config options (src/config/options.ts) come on top, as EBTRACE_NAME
 * and BPFTRACE_NAME. `--help` and the manual follow from this table.
 */
export interface EnvironmentRow {
  /** Where several are set, the first counts. */
  readonly names: readonly string[];
  readonly value: string;
  readonly doc: string;
  /** In the manual, not in the help: for tests and developers, or without effect. */
  readonly internal?: true;
}

export const environmentTable = {
  colour: {
    names: ['EBTRACE_COLOR', 'BPFTRACE_COLOR'],
    value: 'auto, always, never',
    doc: 'colours of messages; auto when stdout and stderr are terminals and NO_COLOR is not set',
  },
  kernelTypes: {
    names: ['EBTRACE_BTF', 'BPFTRACE_BTF'],
    value: 'FILE',
    doc: 'types of the kernel from this BTF file instead of /sys/kernel/btf/vmlinux',
  },
  kernelSource: {
    names: ['EBTRACE_KERNEL_SOURCE', 'BPFTRACE_KERNEL_SOURCE'],
    value: 'DIR',
    doc: 'kernel sources, for #include <linux/...>',
  },
  kernelBuild: {
    names: ['EBTRACE_KERNEL_BUILD', 'BPFTRACE_KERNEL_BUILD'],
    value: 'DIR',
    doc: 'where the kernel was built, for generated headers',
  },
  vmlinux: {
    names: ['EBTRACE_VMLINUX', 'BPFTRACE_VMLINUX'],
    value: 'FILE',
    doc: 'kernel image with symbols; without effect, as this version attaches to no offsets in functions',
    internal: true,
  },
  includes: {
    names: ['CPATH', 'C_INCLUDE_PATH'],
    value: 'DIR:DIR...',
    doc: 'folders of C headers, after those of -I',
  },
  clang: { names: ['EBTRACE_CLANG'], value: 'PATH', doc: 'as --clang, which wins' },
  cache: { names: ['EBTRACE_CACHE'], value: '0', doc: 'do not keep compiled objects' },
  cacheFolder: {
    names: ['EBTRACE_CACHE_DIR'],
    value: 'DIR',
    doc: 'where compiled objects are kept; else ebtrace in XDG_CACHE_HOME or ~/.cache',
  },
  temporary: { names: ['TMPDIR'], value: 'DIR', doc: 'for the files of the C compiler' },
  snapshot: {
    names: ['EBTRACE_SNAPSHOT'],
    value: '0',
    doc: 'start without the snapshot that makes starting faster',
    internal: true,
  },
  attached: {
    names: ['__EBTRACE_NOTIFY_PROBES_ATTACHED', '__BPFTRACE_NOTIFY_PROBES_ATTACHED'],
    value: 'anything',
    doc: 'print that name on stdout once all probes are attached, for test harnesses',
    internal: true,
  },
} as const satisfies { readonly [name: string]: EnvironmentRow };

export type VariableName = keyof typeof environmentTable;

export type Environment = Readonly<Record<string, string | undefined>>;

export const environmentRows: readonly EnvironmentRow[] = Object.values(environmentTable);

/** The first of the variable's names that is set, with its value. */
export function variable(name: VariableName, environment: Environment): { name: string; value: string } | undefined {
  for (const candidate of environmentTable[name].names) {
    const value = environment[candidate];
    if (value !== undefined) return { name: candidate, value };
  }
  return undefined;
}
